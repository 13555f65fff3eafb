"""The cells of one sheet part, row by row, as Python values.

Only ``row``, ``c``, ``f``, ``v`` and ``is`` are looked at.  openpyxl, which models the whole
sheet, fails on a validation rule or a style outside the schema, as other software writes them;
and it shows a formula that was never calculated as a blank cell.
"""

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel, from_ISO8601

from .package import Package, local_name
from .parts import CellStyle, Run, TextCollector
from .refusal import SpreadsheetRefused

LAST_ROW = 1_048_576
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?ref=["']([A-Z\d:]{5,21})["']""")
_MERGED_LENGTH = 256


@dataclass(frozen=True)
class CellFault:
    """A cell without a usable value: ``text`` is the error shown (``#REF!``), "" for a formula
    whose result was never stored."""

    text: str

    @property
    def is_uncalculated(self) -> bool:
        return not self.text


@dataclass(frozen=True)
class MergedRange:
    """A merged range; rows count from 1 as on the screen, columns from 0."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


CellValue = (
    None
    | str
    | tuple[Run, ...]
    | bool
    | int
    | float
    | datetime.date
    | datetime.datetime
    | datetime.time
    | datetime.timedelta
    | CellFault
)


def column_index(letters: str) -> int:
    """Return the index of a column, from 0.

    >>> column_index("A"), column_index("XFD")
    (0, 16383)
    """
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def read_merged(package: Package, part: str, sheet: str) -> list[MergedRange]:
    """Return the merged ranges, which a sheet part lists after all of its cells."""
    found: list[MergedRange] = []
    kept = b""
    for chunk in package.chunks(part):
        data = kept + chunk
        end = 0
        for match in _MERGED.finditer(data):
            end = match.end()
            corners = _REFERENCE.findall(match[1].decode())
            if len(corners) == 2:
                (left, top), (right, bottom) = corners
                found.append(
                    MergedRange(int(top), int(bottom), column_index(left), column_index(right))
                )
        limit = package.limits.merged_ranges
        if len(found) > limit:
            raise SpreadsheetRefused("too_many_merged_cells", sheet=sheet, limit=limit)
        kept = data[max(end, len(data) - _MERGED_LENGTH) :]
    return found


class CellReader:
    """Turn the XML of a sheet into rows of (column index, value, style index).

    Blank cells and blank rows are left out.  Numbers in a date format become dates, other numbers
    int or float as they are written; texts are strings, or runs where fonts differ inside a cell.
    """

    def __init__(
        self,
        texts: Sequence[str | tuple[Run, ...]],
        styles: Sequence[CellStyle],
        counts_from_1904: bool,
    ) -> None:
        self._texts = texts
        self._styles = styles
        self._epoch = MAC_EPOCH if counts_from_1904 else WINDOWS_EPOCH
        self._columns: dict[str, int] = {}
        self._prefix = ""
        self._collector = TextCollector()
        self._rows: list[tuple[int, list[tuple[int, CellValue, int]]]] = []
        self._row = 0
        self._column = -1
        self._cells: list[tuple[int, CellValue, int]] = []
        self._cell: dict[str, str] = {}
        self._formula = False
        self._collecting = False
        self._pieces: list[str] = []
        self._value: CellValue = None

    def rows(
        self, package: Package, part: str
    ) -> Iterator[tuple[int, list[tuple[int, CellValue, int]]]]:
        """Yield (row number from 1, cells in the order of the file) for each filled row."""
        for _ in package.parse(part, self._start, self._end, self._text):
            if self._rows:
                rows, self._rows = self._rows, []
                yield from rows

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._prefix:
            name = name.removeprefix(self._prefix)
        if name == "c":
            self._cell = attributes
            self._formula = False
            self._value = None
            self._pieces = []
        elif name == "v":
            self._collecting = True
        elif name == "f":
            self._formula = True
        elif name == "row":
            self._row = _row_number(attributes.get("r"), self._row + 1)
            self._column = -1
            self._cells = []
        elif local_name(name) == "worksheet":
            self._prefix = name.removesuffix("worksheet")
        else:
            self._collector.start(name, attributes)

    def _text(self, data: str) -> None:
        if self._collecting:
            self._pieces.append(data)
        elif self._collector.collecting:
            self._collector.text(data)

    def _end(self, name: str) -> None:
        if self._prefix:
            name = name.removeprefix(self._prefix)
        if name == "v":
            self._collecting = False
        elif name == "c":
            self._finish_cell()
        elif name == "row":
            if self._cells:
                self._rows.append((self._row, self._cells))
        elif name == "is":
            self._value = self._collector.finish()
        elif name == "t" or name == "rPh":
            self._collector.end(name)

    def _finish_cell(self) -> None:
        attributes = self._cell
        self._column = self._column_of(attributes.get("r"))
        style = attributes.get("s", "0")
        style_index = int(style) if style.isdecimal() else 0
        value = self._value
        kind = attributes.get("t", "n")
        if self._pieces:
            value = self._typed("".join(self._pieces), kind, style_index)
        elif self._formula and kind != "str":
            value = CellFault("")
        if value is None or (isinstance(value, str) and not value.strip()):
            return
        self._cells.append((self._column, value, style_index))

    def _column_of(self, reference: str | None) -> int:
        if reference is None:
            return self._column + 1
        letters = reference.rstrip("0123456789")
        column = self._columns.get(letters)
        if column is None:
            if not letters.isascii() or not letters.isupper() or len(letters) > 3:
                raise SpreadsheetRefused("damaged")
            column = self._columns[letters] = column_index(letters)
        return column

    def _typed(self, text: str, kind: str, style: int) -> CellValue:
        try:
            if kind == "s":
                return self._texts[int(text)]
            if kind == "n":
                return self._number(text, style)
            if kind == "b":
                return bool(int(text))
            if kind == "d":
                return from_ISO8601(text)
        except (ValueError, IndexError) as error:
            raise SpreadsheetRefused("damaged") from error
        return CellFault(text) if kind == "e" else text

    def _number(self, text: str, style: int) -> CellValue:
        number = float(text) if "." in text or "E" in text or "e" in text else int(text)
        if style < len(self._styles) and self._styles[style].is_date:
            try:
                return from_excel(number, self._epoch, self._styles[style].is_duration)
            except (OverflowError, ValueError):
                return number  # shown as ##### in Excel; the number says more
        return number


def _row_number(written: str | None, following: int) -> int:
    number = following if written is None else int(written) if written.isdecimal() else 0
    if not 1 <= number <= LAST_ROW:
        raise SpreadsheetRefused("damaged")
    return number
