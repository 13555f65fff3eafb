"""A table of typed columns, shared by the PDF, the Word document and the workbook."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from decimal import Decimal
from functools import partial
from math import ceil
from typing import Literal

from .form import LAYOUT
from .numbers import as_decimal, format_date, format_decimal, format_integer, rounded
from .text import Described, DocumentError

Kind = Literal["text", "integer", "decimal", "money", "date"]
Align = Literal["left", "center", "right"]
# Gives the width in points of a text at a size in points, bold or not.
Measure = Callable[[str, float, bool], float]
LONGEST_TITLE = 200
# Lines of a row on average, from which on a table is crowded.
MOST_LINES = 3
SAMPLED_ROWS = 200


class Sum(enum.Enum):
    """Stands in a group's or the total's cell for "the sum of its detail rows"."""

    OF_DETAILS = "sum"


SUM = Sum.OF_DETAILS
Value = str | int | float | Decimal | dt.date | Sum | None


@dataclass(frozen=True)
class Column(Described):
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
        if max(map(len, (self.title, self.group, self.code))) > LONGEST_TITLE:
            raise DocumentError(
                f"column {self.title[:40]!r}…: titles may have {LONGEST_TITLE} characters"
            )
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
class Row(Described):
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
class Table(Described):
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
    def grouped(self) -> bool:
        """Whether any column stands under a group header."""
        return any(column.group for column in self.columns)

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
        """The rows and the total with every ``SUM`` replaced by its number.

        Without rows there is no total either: nothing counted is not zero.
        """
        rows = [
            self._summed(row, number + 1, self.group_end(number)) if row.level else row
            for number, row in enumerate(self.rows)
        ]
        if self.total is None or not rows:
            return rows, None
        return rows, self._summed(self.total, 0, len(self.rows))

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
    as wide as its widest one, and type shrinks before that rule is given up.  Where texts would
    stand in narrow pillars, numbers give up what they do not need, and then type shrinks too.
    """
    weights = [column.weight for column in table.columns]
    texts_only = [0 if column.numeric else column.weight for column in table.columns]
    for size in LAYOUT.table_sizes:
        least = [
            min(measure(text, size, True) + padding, available * (1 if column.numeric else 0.3))
            for column, text in zip(table.columns, widest_words(table, lines), strict=True)
        ]
        if sum(least) > available:
            continue
        depth = partial(_depth, table, lines, lambda text, size=size: measure(text, size, False))
        widths = share_width(weights, least, available)
        if depth([width - padding for width in widths]) <= MOST_LINES:
            return size, widths
        if any(texts_only):
            widths = share_width(texts_only, least, available)
            if depth([width - padding for width in widths]) <= MOST_LINES:
                return size, widths
    shares = texts_only if any(texts_only) else weights
    return size, share_width(shares, least, available)


def _depth(
    table: Table,
    lines: Sequence[Line],
    width_of: Callable[[str], float],
    rooms: Sequence[float],
) -> float:
    """About how many lines of type the rows have on average."""
    sample = lines[:: max(1, len(lines) // SAMPLED_ROWS)]
    texts = [index for index, column in enumerate(table.columns) if not column.numeric]
    if not sample or not texts:
        return 1
    depths = [
        # Words leave a part of each line empty.
        max(ceil(width_of(line.texts[index]) / max(0.85 * rooms[index], 1)) for index in texts)
        for line in sample
    ]
    return sum(depths) / len(depths)


def widest_words(table: Table, lines: Sequence[Line]) -> list[str]:
    """For each column the longest text that must not be cut: a word, a number or a date."""
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
