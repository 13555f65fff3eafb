"""The files of a light page, ready to send: shrunk, gzipped, named by what they hold.

The address of a file contains the hash of its content, so that phones may keep it for ever
and never mix two versions.  A module's content contains the addresses of the modules that it
imports, hence its hash covers theirs.
"""

from __future__ import annotations

import gzip
import hashlib
import logging
import posixpath
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .app import LightApp
from .icon import draw_icon
from .javascript import Import, JavaScriptError, compact, imports, terms

_logger = logging.getLogger(__name__)

ADDRESS = "/ttcs/light"
KIT = "ttcs_base/static/light"
KIT_STYLE = f"{KIT}/light.css"
WORKER = f"{KIT}/worker.js"
# Name, pixels a side, whether the phone may cut it into any shape.
ICONS = (
    ("icon-180.png", 180, True),
    ("icon-192.png", 192, False),
    ("icon-512.png", 512, False),
    ("icon-maskable-512.png", 512, True),
)
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
}

# Gives the file of a path below the add-ons folders; raises FileNotFoundError.
Locate = Callable[[str], "Path | str"]


class BundleError(ValueError):
    """A module that cannot be made ready; the text names it and says why."""


@dataclass(frozen=True)
class LightFile:
    """One file as it is sent."""

    name: str
    content: bytes

    @cached_property
    def digest(self) -> str:
        """The first 64 bits of the content's SHA-256, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()[:16]

    @property
    def address(self) -> str:
        """
        >>> LightFile("a.js", b"").address
        '/ttcs/light/e3b0c44298fc1c14/a.js'
        """
        return f"{ADDRESS}/{self.digest}/{self.name}"

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[posixpath.splitext(self.name)[1]]

    @cached_property
    def compressed(self) -> bytes:
        """The content as gzip, the same bytes at every build."""
        return gzip.compress(self.content, compresslevel=9, mtime=0)


class Bundle:
    """Everything that one app sends beside its page.

    ``sources`` has the modification time in nanoseconds of each file read.

    :raises BundleError: for a missing or unreadable module, or modules that import each other
    """

    def __init__(self, app: LightApp, locate: Locate):
        self._locate = locate
        self.sources: dict[Path, int] = {}
        self.terms: set[str] = set()
        self._modules: dict[str, LightFile] = {}
        self._eager: set[str] = set()
        self.entry = self._module(app.module, ())
        self._find_eager(app.module)
        self.styles = [self._style(path) for path in (KIT_STYLE, *app.styles)]
        self.files = {name: self._plain(path) for name, path in app.files.items()}
        self.lazy_files = {name: self._plain(path) for name, path in app.lazy_files.items()}
        self.icons = {
            name: LightFile(name, draw_icon(size, app.colour, full_bleed=full_bleed))
            for name, size, full_bleed in ICONS
        }
        self.worker = compact(self._read(WORKER))
        self._by_address = {file.address: file for file in self.kept + self.fetched_later}

    @property
    def modules(self) -> list[LightFile]:
        """The entry and all that it imports, at once or later."""
        return list(self._modules.values())

    @property
    def preloaded(self) -> list[LightFile]:
        """The modules that the page needs before it can start, the entry left out."""
        return [
            file
            for path, file in self._modules.items()
            if path in self._eager and file is not self.entry
        ]

    @property
    def kept(self) -> list[LightFile]:
        """What a phone keeps from the first visit on."""
        return [*self.modules, *self.styles, *self.files.values(), self.icons["icon-192.png"]]

    @property
    def fetched_later(self) -> list[LightFile]:
        return [*self.lazy_files.values(), *self.icons.values()]

    def find(self, address: str) -> LightFile | None:
        """The file at exactly this address: never another version of it."""
        return self._by_address.get(address)

    def is_stale(self) -> bool:
        """Whether a file was written since the bundle was made, as happens in development."""
        return any(path.stat().st_mtime_ns != time for path, time in self.sources.items())

    def _module(self, path: str, importers: tuple[str, ...]) -> LightFile:
        if path in importers:
            circle = " > ".join((*importers[importers.index(path) :], path))
            raise BundleError(f"These modules import each other: {circle}")
        if path not in self._modules:
            source = self._read(path)
            try:
                found = imports(source)
                self.terms.update(terms(source))
                text = compact(self._with_addresses(source, found, path, (*importers, path)))
            except JavaScriptError as error:
                raise BundleError(f"{path}: {error}") from error
            self._modules[path] = LightFile(posixpath.basename(path), text.encode())
        return self._modules[path]

    def _with_addresses(
        self, source: str, found: Iterable[Import], path: str, importers: tuple[str, ...]
    ) -> str:
        for one in sorted(found, key=lambda one: one.start, reverse=True):
            file = self._module(resolve(path, one.specifier), importers)
            source = source[: one.start] + file.address + source[one.end :]
        return source

    def _find_eager(self, path: str) -> None:
        self._eager.add(path)
        for one in imports(self._read(path)):
            target = resolve(path, one.specifier)
            if not one.lazy and target not in self._eager:
                self._find_eager(target)

    def _style(self, path: str) -> LightFile:
        return LightFile(posixpath.basename(path), compact_style(self._read(path)).encode())

    def _plain(self, path: str) -> LightFile:
        return LightFile(posixpath.basename(path), self._file(path).read_bytes())

    def _read(self, path: str) -> str:
        return self._file(path).read_text(encoding="utf-8")

    def _file(self, path: str) -> Path:
        try:
            file = Path(self._locate(path))
            self.sources[file] = file.stat().st_mtime_ns
        except FileNotFoundError as error:
            raise BundleError(f"{path} does not exist") from error
        return file


class Bundles:
    """The bundles of every app, each made when it is first asked for."""

    def __init__(self, locate: Locate):
        self._locate = locate
        self._made: dict[str, Bundle] = {}

    def of(self, app: LightApp) -> Bundle:
        """The bundle of an app, made again when one of its files has changed."""
        bundle = self._made.get(app.scope)
        if bundle is None or bundle.is_stale():
            bundle = self._made[app.scope] = Bundle(app, self._locate)
        return bundle

    def find(self, address: str, apps: Iterable[LightApp]) -> LightFile | None:
        """The file at an address among those of some apps, of which one may be broken."""
        for app in apps:
            try:
                file = self.of(app).find(address)
            except BundleError:
                _logger.exception("The files of %s cannot be sent", app.scope)
                continue
            if file:
                return file
        return None


def resolve(importer: str, specifier: str) -> str:
    """The path below the add-ons folder that a module means.

    :raises BundleError: for an absolute or bare name, or one above the add-ons folder

    >>> resolve("ttcs_assets/static/light/field.js", "../../../ttcs_base/static/light/dom.js")
    'ttcs_base/static/light/dom.js'
    """
    path = posixpath.normpath(posixpath.join(posixpath.dirname(importer), specifier))
    if not specifier.startswith(("./", "../")) or path.startswith(".."):
        raise BundleError(f"{importer} imports {specifier!r}, which is not a path beside it")
    return path


def compact_style(source: str) -> str:
    """A style sheet without comments, indentation and line breaks.

    >>> compact_style("/* a */\\na:hover,\\nb {\\n  color: red;\\n}\\n")
    'a:hover,b {color: red;}'
    """
    without_comments = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)
    return "".join(line.strip() for line in without_comments.splitlines())
