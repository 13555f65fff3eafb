"""Telling what an uploaded file is, and opening an .xlsx package without being hurt by it.

An .xlsx file is a ZIP archive of XML parts (ECMA-376).  Sizes are checked before anything is
unpacked: ``zipfile`` never reads past the size a member declares, so the declared sizes bound the
work.  XML with a document type declaration is refused by every parser made here, which rules out
entity expansion and external entities; no producer of workbooks writes one.
"""

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from xml.parsers import expat

from .refusal import SpreadsheetRefused

_MEGABYTE = 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_BIFF = (b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08")
_OLE_STREAMS = (
    ("EncryptedPackage", "password_protected"),
    ("Workbook", "old_xls"),
    ("Book", "old_xls"),
    ("WordDocument", "word_document"),
)
_TEXT_SIGNS = (
    (rb"urn:schemas-microsoft-com:office:spreadsheet", "xml_spreadsheet"),
    (rb"<html|<table|<!doctype html", "web_page"),
    (rb"\A\s*<\?xml|\A%PDF|\A\{\\rtf", "not_a_spreadsheet"),
)
_CHUNK = 1 << 16
_ENCRYPTED = 0x1
# ValueError: also a name of a part that is no text, and a size that is none.
_UNPACKING_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    RuntimeError,
    OSError,
    ValueError,
    struct.error,
)


@dataclass(frozen=True)
class ReadingLimits:
    """What is read at most; a list of 100,000 rows × 15 columns stays well below.

    ``rows`` are filled rows below the first thirty, where titles and headings stand.
    """

    file_bytes: int = 64 * _MEGABYTE
    unpacked_bytes: int = 256 * _MEGABYTE
    part_bytes: int = 64 * _MEGABYTE
    compression_ratio: int = 200
    rows: int = 100_000
    columns: int = 256
    cells: int = 4_000_000
    merged_ranges: int = 100_000


class Package:
    """The parts of one .xlsx file, read as streams of XML events.

    Raises SpreadsheetRefused when ``content`` is anything else or exceeds ``limits``.
    """

    def __init__(self, content: bytes, limits: ReadingLimits) -> None:
        _refuse_other_formats(content, limits)
        self.limits = limits
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
        except _UNPACKING_ERRORS as error:
            raise SpreadsheetRefused("damaged") from error
        members = self._archive.infolist()
        if any(member.flag_bits & _ENCRYPTED for member in members):
            raise SpreadsheetRefused("password_protected")
        self._sizes = {member.filename: member.file_size for member in members}
        self._refuse_other_archives()
        self._refuse_bombs(len(content))

    def close(self) -> None:
        """Release the memory of the archive."""
        self._archive.close()

    def __contains__(self, part: str) -> bool:
        return part in self._sizes

    def chunks(self, part: str) -> Iterator[bytes]:
        """Yield the bytes of a part; SpreadsheetRefused when it cannot be unpacked."""
        try:
            with self._archive.open(part) as stream:
                while chunk := stream.read(_CHUNK):
                    yield chunk
        except (KeyError, *_UNPACKING_ERRORS) as error:
            raise SpreadsheetRefused("damaged") from error

    def parse(
        self,
        part: str,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> Iterator[None]:
        """Feed a part through an XML parser; yield after each chunk.

        Names reach the handlers as written, with their prefix.
        """
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = _refuse_doctype
        try:
            for chunk in self.chunks(part):
                parser.Parse(chunk)
                yield
            parser.Parse(b"", True)
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise SpreadsheetRefused("damaged") from error
        yield

    def elements(self, part: str) -> Iterator[tuple[str, dict[str, str]]]:
        """Yield (name without prefix, attributes) of every element of a part, in order."""
        found: list[tuple[str, dict[str, str]]] = []
        for _ in self.parse(part, lambda *element: found.append(element)):
            yield from ((local_name(name), attributes) for name, attributes in found)
            found.clear()

    def refuse_large_part(self, part: str) -> None:
        """Refuse a part that is held in memory as a whole and is too large for it."""
        size = self._sizes.get(part, 0)
        if size > self.limits.part_bytes:
            raise SpreadsheetRefused(
                "too_large_unpacked",
                size=size // _MEGABYTE,
                limit=self.limits.part_bytes // _MEGABYTE,
            )

    def related(self, part: str) -> dict[str, tuple[str, str]]:
        """Return, by relationship id, (kind, path of the part) of what ``part`` refers to.

        The kind is the last word of the relationship's type: ``worksheet``, ``styles`` …
        """
        folder, name = posixpath.split(part)
        relations = posixpath.join(folder, "_rels", name + ".rels")
        if relations not in self:
            return {}
        return {
            attributes.get("Id", ""): (
                attributes.get("Type", "").rpartition("/")[2],
                posixpath.normpath(posixpath.join("/", folder, attributes["Target"]))[1:],
            )
            for name, attributes in self.elements(relations)
            if name == "Relationship" and attributes.get("Target")
        }

    def _refuse_other_archives(self) -> None:
        if "xl/workbook.bin" in self:
            raise SpreadsheetRefused("binary_xlsb")
        if "word/document.xml" in self:
            raise SpreadsheetRefused("word_document")
        if "mimetype" in self and "content.xml" in self:
            raise SpreadsheetRefused("open_document")
        if "[Content_Types].xml" not in self:
            raise SpreadsheetRefused("not_a_spreadsheet")

    def _refuse_bombs(self, packed: int) -> None:
        unpacked = sum(member.file_size for member in self._archive.infolist())
        ratio = unpacked // max(packed, 1)
        # A small workbook of blank formatted rows is compressed as much as a bomb, and harmless.
        if ratio > self.limits.compression_ratio and unpacked > self.limits.part_bytes:
            raise SpreadsheetRefused("suspicious_compression", ratio=ratio)
        if unpacked > self.limits.unpacked_bytes:
            raise SpreadsheetRefused(
                "too_large_unpacked",
                size=unpacked // _MEGABYTE,
                limit=self.limits.unpacked_bytes // _MEGABYTE,
            )


def local_name(name: str) -> str:
    """Return an element's or attribute's name without its prefix."""
    return name.rpartition(":")[2]


def _refuse_doctype(*_declaration: object) -> None:
    raise SpreadsheetRefused("forbidden_xml")


def _refuse_other_formats(content: bytes, limits: ReadingLimits) -> None:
    if not content.strip(b"\0"):
        raise SpreadsheetRefused("empty_file")
    if len(content) > limits.file_bytes:
        raise SpreadsheetRefused(
            "file_too_large",
            size=len(content) // _MEGABYTE,
            limit=limits.file_bytes // _MEGABYTE,
        )
    if content.startswith(_OLE):
        for stream, reason in _OLE_STREAMS:
            if stream.encode("utf-16-le") in content:
                raise SpreadsheetRefused(reason)
        raise SpreadsheetRefused("not_a_spreadsheet")
    if not content.startswith(b"PK"):
        raise SpreadsheetRefused(_reason_for_text(content))


def _reason_for_text(content: bytes) -> str:
    head = content[:4096]
    if head.startswith(_OLD_BIFF):
        return "old_xls"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "replace").encode()
    for sign, reason in _TEXT_SIGNS:
        if re.search(sign, head, re.IGNORECASE):
            return reason
    lines = [line for line in head.splitlines()[:5] if line.strip()]
    separated = all(re.search(rb"[,;\t]", line) for line in lines)
    return "csv" if lines and separated and b"\0" not in head else "not_a_spreadsheet"
