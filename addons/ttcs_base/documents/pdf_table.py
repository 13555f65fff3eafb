"""A table on PDF pages: header repeated, rows kept whole, groups never parted from members.

The library's own grid lays the remaining rows out anew on every page: 2,000 rows took 3.1 s.
Here each row is broken into lines once and each page draws its own rows: 0.9 s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from .fonts import Typeface, wrap_text
from .form import NO_DATA
from .table import Align, Table, fit_table
from .text import DocumentError

PADDING = 3.0
# Times sits this far above its line, and lines are this far apart, in parts of the size.
ASCENT = 0.9
LEADING = 1.15
GRID_WIDTH = 0.5
# In parts of a page.
HIGHEST_HEADER = 0.6
FEWEST_LINES_OF_A_SPLIT_ROW = 3


@dataclass(frozen=True)
class _Cell:
    """Broken text in a box; ``left`` and ``top`` count from the table's upper left corner."""

    left: float
    top: float
    width: float
    height: float
    lines: list[str]
    align: Align
    bold: bool
    middle: bool = False


@dataclass(frozen=True)
class _PrintedRow:
    """The broken text of each cell; ``bold`` marks group lines and the total."""

    cells: list[list[str]]
    bold: bool

    @property
    def depth(self) -> int:
        """Lines of the deepest cell."""
        return max(map(len, self.cells))

    def cut(self, depth: int) -> tuple[_PrintedRow, _PrintedRow]:
        upper = [lines[:depth] for lines in self.cells]
        lower = [lines[depth:] for lines in self.cells]
        return _PrintedRow(upper, self.bold), _PrintedRow(lower, self.bold)


class _Plan:
    """Everything about a table that does not change from page to page."""

    def __init__(self, table: Table, face: Typeface, width: float) -> None:
        self.table = table
        self.face = face
        lines = table.lines()
        self.size, self.widths = fit_table(table, lines, width, 2 * PADDING, face.width)
        self.leading = self.size * LEADING
        self.lefts = [sum(self.widths[:index]) for index in range(len(self.widths) + 1)]
        self.aligns = [column.alignment for column in table.columns]
        self.header, self.header_height = self._header()
        self.rows = [self._row(line.texts, line.bold) for line in lines]

    def height_of(self, depth: int) -> float:
        return depth * self.leading + 2 * PADDING

    def broken(self, text: str, width: float, *, bold: bool) -> list[str]:
        if not text:
            return []
        font = self.face.bold if bold else self.face.regular
        measure = partial(pdfmetrics.stringWidth, fontName=font, fontSize=self.size)
        # A hair more than the room, for widths that were measured to fit exactly.
        room = width - 2 * PADDING + 0.01
        return wrap_text(self.face.printable(text), room, measure).split("\n")

    def _row(self, texts: Sequence[str], bold: bool) -> _PrintedRow:
        pairs = zip(texts, self.widths, strict=True)
        cells = [self.broken(text, width, bold=bold) for text, width in pairs]
        return _PrintedRow(cells if any(cells) else [[""]] * len(cells), bold)

    def _header(self) -> tuple[list[_Cell], float]:
        """Cells of the group titles, the column titles and the codes, and their height."""
        columns = self.table.columns
        titles = [
            self.broken(column.title, width, bold=True)
            for column, width in zip(columns, self.widths, strict=True)
        ]
        groups = [
            (self.broken(name, self.lefts[last + 1] - self.lefts[first], bold=True), first, last)
            for name, first, last in self.table.header_groups
            if name
        ]
        grouped = [bool(column.group) for column in columns]
        upper = self.height_of(max(len(lines) for lines, *_ in groups)) if groups else 0.0
        lower = max(
            self.height_of(len(lines)) - (0.0 if inside else upper)
            for lines, inside in zip(titles, grouped, strict=True)
        )
        cells = [self._title(lines, first, last, 0.0, upper) for lines, first, last in groups]
        for index, lines in enumerate(titles):
            top = upper if grouped[index] else 0.0
            cells.append(self._title(lines, index, index, top, upper + lower - top))
        height = upper + lower
        if self.table.codes:
            codes = [
                self.broken(code, width, bold=False)
                for code, width in zip(self.table.codes, self.widths, strict=True)
            ]
            deep = self.height_of(max(map(len, codes)))
            for index, lines in enumerate(codes):
                cells.append(self._title(lines, index, index, height, deep, bold=False))
            height += deep
        return cells, height

    def _title(
        self,
        lines: list[str],
        first: int,
        last: int,
        top: float,
        height: float,
        *,
        bold: bool = True,
    ) -> _Cell:
        left, right = self.lefts[first], self.lefts[last + 1]
        return _Cell(left, top, right - left, height, lines, "center", bold, middle=True)


class TableFlowable(Flowable):
    """The rows of a table that are still to be printed, under its header.

    ``page_room`` is the height between the margins: a row that fits there moves to the next
    page as a whole, a higher one is cut between two lines.
    """

    def __init__(self, plan: _Plan, rows: Sequence[_PrintedRow], page_room: float) -> None:
        super().__init__()
        self.plan = plan
        self.rows = rows
        self.page_room = page_room

    @classmethod
    def of(cls, table: Table, face: Typeface, width: float, page_room: float) -> TableFlowable:
        """The whole table, ``width`` points wide.

        :raises DocumentError: when its header leaves too little of a page for the rows
        """
        plan = _Plan(table, face, width)
        if plan.header_height > page_room * HIGHEST_HEADER:
            raise DocumentError(
                f"table {table.title!r}: its header fills the page; "
                "shorten the column titles or leave out columns"
            )
        return cls(plan, plan.rows, page_room)

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        plan = self.plan
        self.width = plan.lefts[-1]
        body = sum(plan.height_of(row.depth) for row in self.rows) or plan.height_of(1)
        self.height = plan.header_height + body
        return self.width, self.height

    def split(self, available_width: float, available_height: float) -> list[Flowable]:
        room = available_height - self.plan.header_height
        count = self._count_within(room)
        if count:
            return [self._part(self.rows[:count]), self._part(self.rows[count:])]
        return self._split_first_row(room) if self.rows else []

    def _part(self, rows: Sequence[_PrintedRow]) -> TableFlowable:
        return TableFlowable(self.plan, rows, self.page_room)

    def _count_within(self, room: float) -> int:
        """How many rows fit, without a group line left alone at the foot of the page."""
        count, used = 0, 0.0
        # The last row stays out: whatever is asked to split must leave something over.
        for row in self.rows[:-1]:
            used += self.plan.height_of(row.depth)
            if used > room:
                break
            count += 1
        kept = count
        while kept and self.rows[kept - 1].bold:
            kept -= 1
        return kept or count

    def _split_first_row(self, room: float) -> list[Flowable]:
        """Cut a row that no page can hold; an empty list asks for a new page."""
        plan, row = self.plan, self.rows[0]
        depth = int((room - 2 * PADDING) / plan.leading)
        on_a_page = self.page_room - plan.header_height
        if depth < FEWEST_LINES_OF_A_SPLIT_ROW or plan.height_of(row.depth) <= on_a_page:
            return []
        upper, lower = row.cut(depth)
        return [self._part([upper]), self._part([lower, *self.rows[1:]])]

    def draw(self) -> None:
        plan, canvas = self.plan, self.canv
        canvas.setLineWidth(GRID_WIDTH)
        pen = canvas.beginText()
        for cell in plan.header:
            canvas.rect(cell.left, self.height - cell.top - cell.height, cell.width, cell.height)
            self._write(pen, cell)
        top = plan.header_height
        if not self.rows:
            deep = plan.height_of(1)
            empty = _Cell(0, top, self.width, deep, [NO_DATA], "center", False)
            canvas.rect(0, self.height - top - deep, self.width, deep)
            self._write(pen, empty)
        else:
            self._draw_body(canvas, pen, top)
        canvas.drawText(pen)

    def _draw_body(self, canvas: Canvas, pen, top: float) -> None:
        plan = self.plan
        upper = self.height - top
        rules = []
        for row in self.rows:
            deep = plan.height_of(row.depth)
            for index, lines in enumerate(row.cells):
                if lines:
                    left, width = plan.lefts[index], plan.widths[index]
                    align = plan.aligns[index]
                    self._write(pen, _Cell(left, top, width, deep, lines, align, row.bold))
            top += deep
            rules.append((0, self.height - top, self.width, self.height - top))
        rules += [(left, 0, left, upper) for left in plan.lefts]
        canvas.lines(rules)

    def _write(self, pen, cell: _Cell) -> None:
        plan = self.plan
        font = plan.face.bold if cell.bold else plan.face.regular
        pen.setFont(font, plan.size)
        text_height = len(cell.lines) * plan.leading
        gap = (cell.height - text_height) / 2 if cell.middle else PADDING
        baseline = self.height - cell.top - gap - plan.size * ASCENT
        for line in cell.lines:
            left = cell.left + PADDING
            if cell.align != "left":
                spare = cell.width - 2 * PADDING - pdfmetrics.stringWidth(line, font, plan.size)
                left += spare if cell.align == "right" else spare / 2
            pen.setTextOrigin(left, baseline)
            pen.textOut(line)
            baseline -= plan.leading
