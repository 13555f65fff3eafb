"""What an official document says, apart from how it is printed.

One description is rendered three times: ``pdf.py``, ``word.py`` and, for its tables,
``excel.py``.  The fixed words below are Vietnamese in the code on purpose: they are part of
the form that Phụ lục I of Nghị định 30/2020/NĐ-CP prescribes, and official documents are
Vietnamese whatever the user's language.

Every text is cleaned when a description is made: composed accents (NFC), line ends as
``\\n``, no control, bidirectional or zero-width characters.
"""

from __future__ import annotations

import datetime as dt
import enum
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import KW_ONLY, dataclass, fields, replace
from decimal import Decimal
from typing import Any, Literal

from .numbers import (
    as_decimal,
    format_date,
    format_decimal,
    format_document_number,
    format_integer,
    format_long_date,
    rounded,
)

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
NUMBER_LABEL = "Số:"
SUBJECT_LABEL = "V/v"
ADDRESSEES_LABEL = "Kính gửi:"
RECIPIENTS_LABEL = "Nơi nhận:"
ANNEX_LABEL = "Phụ lục"
DEFINITIONS_LABEL = "Khái niệm, phương pháp tính"
NO_DATA = "Chưa có số liệu"
ROUNDING_NOTE = "Ghi chú: tổng có thể khác tổng các số hạng do làm tròn."
END_MARK = "./."
MOST_SIGNATURES = 3
LONGEST_HEADER_TEXT = 300

Kind = Literal["text", "integer", "decimal", "money", "date"]
Align = Literal["left", "center", "right"]
# Gives the width in points of a text at a size in points, bold or not.
Measure = Callable[[str, float, bool], float]


class DocumentError(ValueError):
    """A description that cannot become a document; says which part and what to change."""


@dataclass(frozen=True)
class Layout:
    """The measures of Phụ lục I, Nghị định 30/2020/NĐ-CP; millimetres and points of type."""

    page: tuple[float, float] = (210, 297)
    top: float = 20
    bottom: float = 20
    left: float = 30
    right: float = 15
    page_number_from_top: float = 10
    first_line_indent: float = 10
    nation_size: float = 12
    motto_size: float = 13
    body_size: float = 14
    page_number_size: float = 13
    recipients_label_size: float = 12
    recipients_size: float = 11
    table_sizes: tuple[float, ...] = (12, 11, 10, 9, 8)
    paragraph_gap: float = 6
    line_spacing: float = 1.15
    issuing_body_share: float = 0.41
    # Rules are one third to one half as long as the line above them.
    rule_share: float = 0.4
    signing_space: float = 70

    def text_width(self, landscape: bool) -> float:
        """Width between the margins in millimetres."""
        return self.page[1 if landscape else 0] - self.left - self.right


LAYOUT = Layout()


class Sum(enum.Enum):
    """Stands in a group's or the total's cell for "the sum of its detail rows"."""

    OF_DETAILS = "sum"


SUM = Sum.OF_DETAILS
Value = str | int | float | Decimal | dt.date | Sum | None


class _Cleaning(dict[int, int | None]):
    """A translation table for characters that no form may hold; filled as they are met."""

    def __missing__(self, code: int) -> int | None:
        character = chr(code)
        invisible = unicodedata.category(character) in {"Cc", "Cf", "Cs"}
        dropped = (invisible and character not in "\n\t") or code & 0xFFFE == 0xFFFE
        self[code] = None if dropped else code
        return self[code]


_CLEANING = _Cleaning({0x2028: 0x0A, 0x2029: 0x0A})


def clean_text(text: str) -> str:
    """
    >>> clean_text("Đo\\u0302\\u0300ng\\u200b\\r\\nTha\\u0301p")
    'Đồng\\nTháp'
    """
    if text.isascii() and text.isprintable():
        return text
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", unix.translate(_CLEANING))


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list | tuple):
        return tuple(_cleaned(item) for item in value)
    return value


@dataclass(frozen=True)
class _Described:
    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(self, field.name, _cleaned(getattr(self, field.name)))


@dataclass(frozen=True)
class Column(_Described):
    """A column of a table.

    ``weight`` is its share of the width; ``group`` a header above neighbouring columns of
    the same group; ``code`` its mark in the row of codes ("A", "B", "1", "2"); ``digits`` the
    decimals shown; ``scale`` how many đồng make one shown unit of money (1,000,000 for
    "triệu đồng").
    """

    title: str
    kind: Kind = "text"
    _: KW_ONLY
    weight: float = 1.0
    align: Align | None = None
    group: str = ""
    code: str = ""
    digits: int | None = None
    scale: int = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.kind not in _CHECKS:
            raise DocumentError(f"column {self.title!r}: kind {self.kind!r} is not known")
        if self.weight <= 0 or self.scale <= 0 or (self.digits or 0) < 0:
            raise DocumentError(f"column {self.title!r}: weight, scale, digits must be positive")
        if self.scale != 1 and self.kind != "money":
            raise DocumentError(f"column {self.title!r}: only a money column has a scale")

    @property
    def numeric(self) -> bool:
        return self.kind in ("integer", "decimal", "money")

    @property
    def decimals(self) -> int:
        """Decimals shown: as described, else one for a decimal and none for the others."""
        return self.digits if self.digits is not None else int(self.kind == "decimal")

    @property
    def alignment(self) -> Align:
        if self.align:
            return self.align
        return "right" if self.numeric else "center" if self.kind == "date" else "left"

    def shown(self, value: int | float | Decimal) -> int | Decimal:
        """The unrounded number in the shown unit."""
        if self.scale == 1:
            return value if isinstance(value, int) else as_decimal(value)
        return as_decimal(value) / self.scale

    def text_of(self, value: Value) -> str:
        """The cell as a document prints it."""
        if value is None:
            return ""
        if isinstance(value, str):
            return value
        if isinstance(value, dt.date):
            return format_date(value)
        number = self.shown(value)
        if isinstance(number, int) and not self.decimals:
            return format_integer(number)
        return format_decimal(number, self.decimals)


def _is_number(value: Value) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return False
    return Decimal(value).is_finite()


_CHECKS: dict[str, Callable[[Value], bool]] = {
    "text": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "decimal": _is_number,
    "money": _is_number,
    "date": lambda value: isinstance(value, dt.date) and not isinstance(value, dt.datetime),
}


@dataclass(frozen=True)
class Row(_Described):
    """Cells in the order of the columns.

    ``level`` 0 is a detail; 1, 2 … is the heading line of a group (1 the outermost), which
    stands above its members and covers all rows until the next line of its level or above.
    """

    cells: Sequence[Value]
    level: int = 0


@dataclass(frozen=True)
class Line:
    """A row as printed."""

    texts: tuple[str, ...]
    bold: bool


@dataclass(frozen=True)
class Table(_Described):
    """Rows under typed columns; a plain sequence of cells is a detail row.

    Money is given in đồng and totals are added up unrounded, in đồng; only what is shown is
    rounded.  A cell of a group line or of the total may be ``SUM``.
    """

    columns: Sequence[Column]
    rows: Sequence[Row | Sequence[Value]]
    total: Row | Sequence[Value] | None = None
    title: str = ""
    unit: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.columns:
            raise DocumentError(f"table {self.title!r} has no columns")
        rows = tuple(row if isinstance(row, Row) else Row(row) for row in self.rows)
        object.__setattr__(self, "rows", rows)
        for number, row in enumerate(rows, 1):
            self._check(row, f"row {number}", sums=row.level > 0)
        if self.total is not None:
            total = self.total if isinstance(self.total, Row) else Row(self.total, 1)
            object.__setattr__(self, "total", total)
            self._check(total, "the total", sums=True)
        self._check_counted_once()

    def _check(self, row: Row, where: str, *, sums: bool) -> None:
        if len(row.cells) != len(self.columns):
            raise DocumentError(
                f"table {self.title!r}, {where}: {len(row.cells)} cells "
                f"for {len(self.columns)} columns"
            )
        for column, value in zip(self.columns, row.cells, strict=True):
            if value is None or _CHECKS[column.kind](value):
                continue
            if value is SUM and column.numeric and sums:
                continue
            raise DocumentError(
                f"table {self.title!r}, {where}, column {column.title!r}: "
                f"{value!r} is not a value of kind {column.kind}"
            )

    def _check_counted_once(self) -> None:
        """A number fixed in a group line would count twice in a sum of its column."""
        groups = [row for row in self.rows if row.level]
        summing = [*groups, self.total] if self.total else groups
        for index, column in enumerate(self.columns):
            if not any(row.cells[index] is SUM for row in summing):
                continue
            fixed = [row.cells[index] for row in groups if row.cells[index] is not SUM]
            if any(value is not None for value in fixed):
                raise DocumentError(
                    f"table {self.title!r}, column {column.title!r}: a group line holds a "
                    f"fixed number beside sums; use SUM in all group lines or in none"
                )

    @property
    def header_groups(self) -> list[tuple[str, int, int]]:
        """Title, first column and last column of each run of columns of one group."""
        runs: list[tuple[str, int, int]] = []
        for index, column in enumerate(self.columns):
            if runs and column.group and runs[-1][0] == column.group:
                runs[-1] = (column.group, runs[-1][1], index)
            else:
                runs.append((column.group, index, index))
        return runs

    @property
    def codes(self) -> list[str]:
        """The row of codes; empty when no column has one."""
        codes = [column.code for column in self.columns]
        return codes if any(codes) else []

    def group_end(self, index: int) -> int:
        """Index after the last row that the group line at ``index`` covers."""
        level = self.rows[index].level
        for end in range(index + 1, len(self.rows)):
            if 0 < self.rows[end].level <= level:
                return end
        return len(self.rows)

    def sum_of(self, column: int, first: int, end: int) -> int | Decimal:
        """The sum of a column's details in rows ``first`` to before ``end``, unrounded."""
        values = [row.cells[column] for row in self.rows[first:end] if not row.level]
        return sum(
            value if isinstance(value, int) else as_decimal(value)
            for value in values
            if value is not None
        )

    def computed(self) -> tuple[list[Row], Row | None]:
        """The rows and the total with every ``SUM`` replaced by its number."""
        rows = [
            self._summed(row, number + 1, self.group_end(number)) if row.level else row
            for number, row in enumerate(self.rows)
        ]
        total = self.total and self._summed(self.total, 0, len(self.rows))
        return rows, total

    def _summed(self, row: Row, first: int, end: int) -> Row:
        cells = [
            self.sum_of(index, first, end) if value is SUM else value
            for index, value in enumerate(row.cells)
        ]
        return replace(row, cells=cells)

    def lines(self) -> list[Line]:
        """Every body row as text, the total last."""
        rows, total = self.computed()
        lines = [Line(self._texts(row), bool(row.level)) for row in rows]
        if total:
            lines.append(Line(self._texts(total), True))
        return lines

    def _texts(self, row: Row) -> tuple[str, ...]:
        pairs = zip(self.columns, row.cells, strict=True)
        return tuple(column.text_of(value) for column, value in pairs)

    def rounding_shows(self) -> bool:
        """Whether the shown total of a column differs from the sum of its shown details."""
        if self.total is None:
            return False
        for index, column in enumerate(self.columns):
            if self.total.cells[index] is not SUM:
                continue
            shown = sum(
                rounded(column.shown(row.cells[index]), column.decimals)
                for row in self.rows
                if not row.level and row.cells[index] is not None
            )
            total = self.sum_of(index, 0, len(self.rows))
            if shown != rounded(column.shown(total), column.decimals):
                return True
        return False


def fit_table(
    table: Table, lines: Sequence[Line], available: float, padding: float, measure: Measure
) -> tuple[float, list[float]]:
    """Choose the size of type and the column widths in points.

    Width goes by weight, but no number, date or ordinary word is cut: a column is at least
    as wide as its widest one, and type shrinks before that rule is given up.
    """
    for size in LAYOUT.table_sizes:
        least = [
            min(measure(text, size, True) + padding, available * (1 if column.numeric else 0.3))
            for column, text in zip(table.columns, _widest_words(table, lines), strict=True)
        ]
        if sum(least) <= available:
            break
    weights = [column.weight for column in table.columns]
    return size, share_width(weights, least, available)


def _widest_words(table: Table, lines: Sequence[Line]) -> list[str]:
    widest = []
    for index, column in enumerate(table.columns):
        words = [*column.title.split(), column.code]
        for line in lines:
            text = line.texts[index]
            words += text.split() if column.kind == "text" else [text]
        widest.append(max(words, key=len))
    return widest


def share_width(weights: Sequence[float], least: Sequence[float], available: float) -> list[float]:
    """Share a width by weight, giving nobody less than his least unless all must give way.

    >>> share_width([1, 3], [0, 0], 100)
    [25.0, 75.0]
    >>> share_width([1, 3], [40, 0], 100)
    [40, 60.0]
    >>> share_width([1, 1], [150, 50], 100)
    [75.0, 25.0]
    """
    if sum(least) >= available:
        return [width * available / sum(least) for width in least]
    narrow: set[int] = set()
    while True:
        free = available - sum(least[index] for index in narrow)
        weight = sum(each for index, each in enumerate(weights) if index not in narrow)
        widths = [
            least[index] if index in narrow else free * each / weight
            for index, each in enumerate(weights)
        ]
        short = {index for index, width in enumerate(widths) if width < least[index]}
        if not short:
            return widths
        narrow |= short


@dataclass(frozen=True)
class Heading(_Described):
    """``level`` 1 is "I.", 2 is "1.", 3 is "a)"; the text brings its own number."""

    level: int
    text: str

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.level not in (1, 2, 3):
            raise DocumentError(f"heading {self.text!r}: level {self.level} is not 1, 2 or 3")


@dataclass(frozen=True)
class Paragraph(_Described):
    """Justified text; each ``\\n`` begins a new paragraph."""

    text: str


@dataclass(frozen=True)
class NarrativeBox(_Described):
    """A part that an official writes; ``lines`` dotted lines while its text is empty."""

    title: str
    text: str = ""
    lines: int = 3


@dataclass(frozen=True)
class Definitions(_Described):
    """Terms and how their figures are counted, as statistical forms end with them."""

    entries: Sequence[tuple[str, str]]
    title: str = DEFINITIONS_LABEL


@dataclass(frozen=True)
class PageBreak:
    pass


@dataclass(frozen=True)
class Annex(_Described):
    """Begins an annex on a page of its own, numbered from 1; all blocks after it belong to it."""

    title: str
    landscape: bool = False


Block = Heading | Paragraph | NarrativeBox | Table | Definitions | PageBreak | Annex


@dataclass(frozen=True)
class Signature(_Described):
    """Who signs: lines such as "TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH".

    ``name`` None leaves the name open; ``hint`` is a line such as "(Ký, ghi rõ họ tên)".
    """

    authority: Sequence[str]
    name: str | None = None
    hint: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_texts("signature", self.authority)
        if not self.authority:
            raise DocumentError("a signature needs at least the position of who signs")


@dataclass(frozen=True)
class Part:
    """The main document (``annex`` None) or one annex, with its heading word and blocks."""

    annex: Annex | None
    label: str
    blocks: tuple[Block, ...]
    landscape: bool


@dataclass(frozen=True, kw_only=True)
class OfficialDocument(_Described):
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
        parts = [Part(None, "", _closed(self.blocks[: ends[0]]), self.landscape)]
        for number, (start, end) in enumerate(zip(starts, ends[1:], strict=True), 1):
            label = f"{ANNEX_LABEL} {roman(number)}" if len(starts) > 1 else ANNEX_LABEL
            annex = self.blocks[start]
            parts.append(Part(annex, label, self.blocks[start + 1 : end], annex.landscape))
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
