"""`/docs` from files of an installed package, under a policy that lets the page load nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import fastapi_offline
from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

STATIC = "/static/swagger"
SECURITY_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'self'",
}
"""On every answer that does not set its own."""


def add_docs(app: FastAPI) -> None:
    """Adds the page and its files; the one inline script is allowed by its hash, nothing else inline runs."""
    app.mount(STATIC, StaticFiles(directory=Path(fastapi_offline.__file__).parent / "static"), name="swagger")
    page = get_swagger_ui_html(
        openapi_url="/openapi.json", title=app.title, swagger_js_url=f"{STATIC}/swagger-ui-bundle.js",
        swagger_css_url=f"{STATIC}/swagger-ui.css", swagger_favicon_url=f"{STATIC}/favicon.png",
    )  # fmt: skip
    text = bytes(page.body).decode()
    policy = {"content-security-policy": content_security_policy(text)}

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(text, headers=policy)


def content_security_policy(page: str) -> str:
    """The page's policy: own files, its inline scripts by SHA-256; Swagger UI sets styles inline and images as data."""
    inline = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in inline]
    allowed = " ".join(f"'sha256-{value}'" for value in hashes)
    return (
        f"default-src 'none'; script-src 'self' {allowed}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "connect-src 'self'; frame-ancestors 'self'"
    )
