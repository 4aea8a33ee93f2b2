"""Which media type a body has, and which one the client takes (RFC 9110, 8.3 and 12.5.1)."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import Request

from include.serving.web.problems import Refusal

JSON, CSV = "application/json", "text/csv"


def body_type(request: Request, taken: Sequence[str]) -> str:
    """The body's media type, one of `taken`; without a header it is the first. Refusal (415) for another one."""
    given = request.headers.get("content-type", "")
    kind = given.partition(";")[0].strip().lower() or taken[0]
    if kind not in taken:
        raise Refusal(415, f"Content-Type {kind[:80]!r} is not taken; send {' or '.join(taken)}.")
    return kind


def answer_type(request: Request, offered: Sequence[str]) -> str:
    """The offered type that the client's Accept prefers, the first without a preference. Refusal (406) for none."""
    given = request.headers.get("accept", "").strip() or "*/*"
    ranges = [_weighed(part) for part in given.lower().split(",") if part.strip()]
    best = max(offered, key=lambda kind: (_weight(kind, ranges), -offered.index(kind)))
    if _weight(best, ranges) <= 0:
        raise Refusal(406, f"Accept {given[:80]!r} cannot be met; {' or '.join(offered)} is answered.")
    return best


def _weighed(part: str) -> tuple[str, float]:
    """`text/csv;q=0.5` -> its range and weight; a weight that is no number is 0."""
    kind, *parameters = (piece.strip() for piece in part.split(";"))
    weight = next((p[2:] for p in parameters if p.startswith("q=")), "1")
    try:
        return kind, min(max(float(weight), 0.0), 1.0)
    except ValueError:
        return kind, 0.0


def _weight(kind: str, ranges: Sequence[tuple[str, float]]) -> float:
    """The weight of the most specific range that matches; 0 when none does."""
    for wanted in (kind, f"{kind.split('/')[0]}/*", "*/*"):
        found = [weight for given, weight in ranges if given == wanted]
        if found:
            return max(found)
    return 0.0
