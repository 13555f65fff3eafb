"""What an official document says, apart from how it is printed.

One description is rendered as PDF by ``pdf.py`` and as an editable document by ``word.py``;
its tables also become workbooks by ``excel.py``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .form import ANNEX_LABEL, DEFINITIONS_LABEL, END_MARK
from .numbers import format_document_number, format_long_date
from .table import Table
from .text import Described, DocumentError

MOST_SIGNATURES = 3
LONGEST_HEADER_TEXT = 300


@dataclass(frozen=True)
class Heading(Described):
    """``level`` 1 is "I.", 2 is "1.", 3 is "a)"; the text brings its own number."""

    level: int
    text: str

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.level not in (1, 2, 3):
            raise DocumentError(f"heading {self.text!r}: level {self.level} is not 1, 2 or 3")


@dataclass(frozen=True)
class Paragraph(Described):
    """Justified text; each ``\\n`` begins a new paragraph."""

    text: str


@dataclass(frozen=True)
class NarrativeBox(Described):
    """A part that an official writes; ``lines`` dotted lines while its text is empty."""

    title: str
    text: str = ""
    lines: int = 3


@dataclass(frozen=True)
class Definitions(Described):
    """Terms and how their figures are counted, as statistical forms end with them."""

    entries: Sequence[tuple[str, str]]
    title: str = DEFINITIONS_LABEL


@dataclass(frozen=True)
class PageBreak:
    pass


@dataclass(frozen=True)
class Annex(Described):
    """Begins an annex on a page of its own, numbered from 1; all blocks after it belong to it."""

    title: str
    landscape: bool = False


Block = Heading | Paragraph | NarrativeBox | Table | Definitions | PageBreak | Annex


@dataclass(frozen=True)
class Signature(Described):
    """Who signs: lines such as "TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH".

    ``name`` None leaves the name open; ``hint`` is a line such as "(Ký, ghi rõ họ tên)".
    """

    authority: Sequence[str]
    name: str | None = None
    hint: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_texts("signature", self.authority)
        _check_texts("signature", (self.name or "", self.hint))
        if not self.authority:
            raise DocumentError("a signature needs at least the position of who signs")


@dataclass(frozen=True)
class Part:
    """The main document, or one annex with its heading word and title."""

    label: str
    title: str
    blocks: tuple[Block, ...]
    landscape: bool


@dataclass(frozen=True, kw_only=True)
class OfficialDocument(Described):
    """An administrative document in the form of Nghị định 30/2020/NĐ-CP.

    Bodies and the kind are given in ordinary case and set in capitals where the form wants
    it.  ``kind`` None makes a letter (công văn): no title, "V/v <subject>" under the number.
    ``number`` None and ``date`` None leave room for the clerical office; then ``year`` says
    which year is printed.  The last of ``recipients`` is the file copy: "Lưu: VT, …".

    :raises DocumentError: when a part is missing, of the wrong type or beyond the form
    """

    issuing_body: str
    symbol: str
    place: str
    subject: str
    kind: str | None
    parent_body: str = ""
    number: str | None = None
    date: dt.date | None = None
    year: int | None = None
    addressees: Sequence[str] = ()
    legal_bases: Sequence[str] = ()
    blocks: Sequence[Block] = ()
    signatures: Sequence[Signature] = ()
    recipients: Sequence[str] = ()
    landscape: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("issuing_body", "symbol", "place", "subject"):
            if not getattr(self, name).strip():
                raise DocumentError(f"{name} is empty")
        for name in ("issuing_body", "parent_body", "symbol", "place", "kind", "number"):
            _check_texts(name, (getattr(self, name) or "",))
        for name in ("addressees", "legal_bases", "recipients"):
            _check_texts(name, getattr(self, name), longest=None)
        if any(character.isspace() or character == "/" for character in self.symbol):
            raise DocumentError(f"symbol {self.symbol!r}: give it like 'BC-UBND', without spaces")
        if self.number is not None and not self.number.strip():
            raise DocumentError("number is empty; None leaves it to the clerical office")
        if (self.date is None) == (self.year is None):
            raise DocumentError("give a date, or only the year when the office fills in the day")
        for block in self.blocks:
            if not isinstance(block, Block):
                raise DocumentError(f"{type(block).__name__} is not a block of a document")
        if not 1 <= len(self.signatures) <= MOST_SIGNATURES:
            raise DocumentError(f"{len(self.signatures)} signatures; a document has one to three")

    @property
    def number_text(self) -> str:
        """As in "05/BC-UBND"."""
        return format_document_number(self.number, self.symbol)

    @property
    def long_date(self) -> str:
        """As in "ngày 05 tháng 01 năm 2026"."""
        return format_long_date(self.date, self.year)

    @property
    def annex_reference(self) -> str:
        """The line under an annex's title that ties it to this document."""
        kind = (self.kind or "Công văn").capitalize()
        return f"(Kèm theo {kind} số {self.number_text} {self.long_date} của {self.issuing_body})"

    @property
    def parts(self) -> list[Part]:
        """The main document first, its last paragraph closed by "./.", then the annexes."""
        starts = [index for index, block in enumerate(self.blocks) if isinstance(block, Annex)]
        ends = [*starts, len(self.blocks)]
        parts = [Part("", "", _closed(self.blocks[: ends[0]]), self.landscape)]
        for number, (start, end) in enumerate(zip(starts, ends[1:], strict=True), 1):
            label = f"{ANNEX_LABEL} {roman(number)}" if len(starts) > 1 else ANNEX_LABEL
            annex = self.blocks[start]
            blocks = self.blocks[start + 1 : end]
            parts.append(Part(label, annex.title, blocks, annex.landscape))
        return parts


def _check_texts(
    name: str, texts: Iterable[str], longest: int | None = LONGEST_HEADER_TEXT
) -> None:
    if isinstance(texts, str) or not all(isinstance(text, str) for text in texts):
        raise DocumentError(f"{name} must be a list of texts")
    for text in texts:
        if longest and len(text) > longest:
            raise DocumentError(f"{name} is longer than {longest} characters: {text[:40]!r}…")


def _closed(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Blocks whose last paragraph ends as the form wants it."""
    if not blocks or not isinstance(blocks[-1], Paragraph):
        return tuple(blocks)
    text = blocks[-1].text.rstrip().removesuffix(END_MARK).removesuffix(".")
    return (*blocks[:-1], Paragraph(text + END_MARK))


def listed(items: Sequence[str]) -> list[str]:
    """Items of a list: all end with ";", the last with ".".

    >>> listed(["Như trên", "Lưu: VT."])
    ['Như trên;', 'Lưu: VT.']
    """
    bare = [item.rstrip().removesuffix(";").removesuffix(".") for item in items]
    return [f"{item}{'.' if index == len(bare) else ';'}" for index, item in enumerate(bare, 1)]


def roman(number: int) -> str:
    """
    >>> [roman(number) for number in (1, 4, 9, 14, 40)]
    ['I', 'IV', 'IX', 'XIV', 'XL']
    """
    text = ""
    for value, letters in ((40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        while number >= value:
            text += letters
            number -= value
    return text
