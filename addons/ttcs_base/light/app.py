"""What an add-on declares about one of its light pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

# Read by ``scan.js`` where the phone has no QR reader of its own.
ZXING = "web/static/lib/zxing-library/zxing-library.js"


@dataclass(frozen=True)
class LightApp:
    """One light page with its own scope, service worker and icon.

    ``scope``: its path, ``"/kt/"``: the page, ``worker.js`` and ``manifest.webmanifest`` are
    there, and everything the service worker may answer.
    ``name``, ``short_name``, ``terms``: texts, marked for translation with ``LazyTranslate``;
    ``terms`` are those that the modules of the app pass to ``t("…")``.
    ``module``: the ES module to start, as a path below the add-ons folder.
    ``styles``: style sheets after the kit's own, ``files``: other files, kept on the phone with
    the page, ``lazy_files``: files kept from their first use on; all as such paths.  Modules
    find the address of a file under its name in ``page.files``.
    ``fresh``: path prefixes whose GET answers are asked from the server first and, when it is
    silent for three seconds, from the last answer kept on the phone.
    ``colour``: background of the icon and of the phone's title bar, ``#rrggbb``; white text on
    it must be readable.
    ``language``: of the texts; the phone's language does not matter, a page kept for offline use
    must not change it.

    :raises ValueError: for a scope that does not begin and end with a slash
    """

    scope: str
    name: Any
    short_name: Any
    module: str
    terms: Iterable[Any] = ()
    styles: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    lazy_files: Mapping[str, str] = field(default_factory=dict)
    fresh: tuple[str, ...] = ()
    colour: str = "#0b5f66"
    language: str = "vi_VN"

    def __post_init__(self):
        if len(self.scope) < 3 or not self.scope.startswith("/") or not self.scope.endswith("/"):
            raise ValueError(f"{self.scope!r} is not a scope such as '/kt/'.")


_registered: dict[str, LightApp] = {}


def register(app: LightApp) -> LightApp:
    """Make the files of an app available; an add-on calls it once, beside its controller.

    :raises ValueError: when another app has its scope
    """
    other = _registered.setdefault(app.scope, app)
    if other is not app:
        raise ValueError(f"Two light pages have the scope {app.scope}: {other.module} is one.")
    return app


def registered() -> tuple[LightApp, ...]:
    """Every app declared by the add-ons that are loaded."""
    return tuple(_registered.values())
