"""A pointer is text that anybody may have changed: it names a bundle of its own model in its own lake, or nothing."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from include.errors import BundleError
from include.models.bundle import Pointer


def refuse_foreign(lake_root: str, name: str, pointer: Pointer) -> None:
    """BundleError unless the pointer is that of `name` and its bundle a folder inside `<lake>/bundles/<name>/`.

    Links are followed first; a `..` in any spelling is refused, and so is another host or protocol.
    """
    home, place = urlsplit(lake_root), urlsplit(pointer.uri)
    inside = (
        pointer.model_name == name
        and (home.scheme, home.netloc) == (place.scheme, place.netloc)
        and ".." not in PurePosixPath(unquote(place.path)).parts
        and not (place.query or place.fragment)
        and _is_inside(home.path, place.path, name, local=not home.scheme)
    )
    if not inside:
        raise BundleError(
            f"The pointer of {name} names {pointer.model_name} at {pointer.uri[:200]!r}; a folder in "
            f"{lake_root}/bundles/{name}/ is expected. Roll back or promote again, and see who changed it."
        )


def _is_inside(lake: str, place: str, name: str, *, local: bool) -> bool:
    shelf, bundle = PurePosixPath("/", lake, "bundles", name), PurePosixPath("/", place)
    if local:
        shelf, bundle = (PurePosixPath(Path(path).resolve()) for path in (f"{lake}/bundles/{name}", place))
    return shelf in bundle.parents
