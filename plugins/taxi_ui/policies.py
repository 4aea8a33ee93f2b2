"""What each page may load and who may frame it; nothing here lets a page reach beyond this server."""

from __future__ import annotations

from pathlib import Path

from include.processing.data_docs import VENDOR

OURS = "frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
PLAIN = f"default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; {OURS}"
"""Pages without a script: our own, quality reports, model evaluations."""
PUBLIC = ("cdn.jsdelivr.net", "cdnjs.cloudflare.com", "code.jquery.com", "maxcdn.bootstrapcdn.com",
          "stackpath.bootstrapcdn.com", "unpkg.com")  # fmt: skip
"""Where Great Expectations' pages take styles and scripts from when the site has no copies."""
MLFLOW = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; frame-src 'self' blob: data:; "
    "object-src 'none'; frame-ancestors 'self'; base-uri 'none'"
)
"""MLflow's UI compiles templates at run time; it may talk to this server only."""


def data_docs(site: Path) -> str:
    """Data Docs run scripts and click handlers inside the page, send nothing anywhere, and load files of the site."""
    hosts = "" if site.joinpath(VENDOR).is_dir() else "".join(f" https://{host}" for host in PUBLIC)
    return (
        f"default-src 'none'; script-src 'self' 'unsafe-inline'{hosts}; style-src 'self' 'unsafe-inline'{hosts}; "
        f"font-src 'self'{hosts}; img-src 'self' data:; {OURS}"
    )


def headers(policy: str) -> dict[str, str]:
    """A policy with the headers that go with every page."""
    return {"content-security-policy": policy, "x-content-type-options": "nosniff", "referrer-policy": "same-origin"}
