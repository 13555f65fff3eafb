"""Tables as a workbook (XLSX): real numbers, dates and sums, ready for a statistical office.

Rows are streamed, so memory does not grow with them.  Text never becomes a formula: a cell
that begins like one carries the spreadsheet's own quote mark and the format "text", which are
no part of its text; it is read back, edited and saved again unchanged.  (Neither survives a
copy saved as CSV, which knows only text.)
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypedDict

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from .description import Definitions, Signature
from .fonts import times_width, wrap_text
from .form import NO_DATA, ROUNDING_NOTE
from .table import SUM, Column, Row, Table, Value, share_width, widest_words
from .text import Described, DocumentError, clean_text

SOURCE_SHEET = "Nguồn"
HASH_LABEL = "Mã băm số liệu (SHA-256)"
TAKEN_AT_LABEL = "Thời điểm chốt số liệu"
PARAMETERS_LABEL = "Tham số"
CUT_NOTE = "… [đã cắt bớt: quá giới hạn của ô bảng tính]"

FONT = {"font_name": "Times New Roman", "font_size": 13}
LINE_HEIGHT = 17.0
LINE_HEIGHT_IN_PIXELS = 23
# The highest row that a spreadsheet has, in points.
HIGHEST_ROW = 409.0
# The unit of a column's width is a digit of the default font: so many points here.
CHARACTER_WIDTH = 6.3
# Characters of a line of A4 on its side; a wider table is scaled down when printed.
LINE_LENGTH = 110
SIGNING_ROWS = 4
MARGINS = {"left": 0.79, "right": 0.59, "top": 0.79, "bottom": 0.79}
A4 = 9
LONGEST_NAME = 31
LONGEST_CELL = 32_767
# Longer text in a cell of the format "text" is shown as "####" by older programs.
LONGEST_TEXT_FORMAT = 255
# Beginnings that a spreadsheet could take for a formula when a cell is edited or imported.
FORMULA_BEGINNINGS = tuple("=+-@\t\n")
FIRST_DAY = dt.date(1900, 3, 1)


class Source(TypedDict):
    """Where the figures come from, kept on a hidden sheet so that anyone can check them."""

    parameters: Mapping[str, object]
    snapshot_hash: str
    taken_at: dt.datetime


@dataclass(frozen=True)
class Sheet(Described):
    """A table as a statistical form prints it.

    ``form_lines`` stand above on the left (form code, legal basis, who reports to whom, by
    when), ``titles`` in the middle; below the table come the signatures, then definitions.

    :raises DocumentError: when the name cannot name a sheet
    """

    name: str
    table: Table
    titles: Sequence[str] = ()
    form_lines: Sequence[str] = ()
    signatures: Sequence[Signature] = ()
    definitions: Definitions | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 1 <= len(self.name.encode("utf-16-le")) // 2 <= LONGEST_NAME:
            raise DocumentError(f"sheet {self.name!r}: a name has 1 to {LONGEST_NAME} characters")
        if any(character in "[]:*?/\\\n\t" for character in self.name):
            raise DocumentError(f"sheet {self.name!r}: a name has none of [ ] : * ? / \\")
        if self.name.startswith("'") or self.name.endswith("'"):
            raise DocumentError(f"sheet {self.name!r}: a name has no ' at its ends")
        if self.name.casefold() in (SOURCE_SHEET.casefold(), "history"):
            raise DocumentError(f"sheet {self.name!r}: this name is reserved")


def render_xlsx(sheets: Sequence[Sheet], source: Source) -> bytes:
    """Give the workbook as bytes, the same ones for the same sheets and source.

    :raises DocumentError: without sheets, with a name used twice or an incomplete source
    """
    names = [sheet.name.casefold() for sheet in sheets]
    if not names:
        raise DocumentError("a workbook needs a sheet")
    if len(set(names)) < len(names):
        raise DocumentError(f"two sheets have the same name: {', '.join(names)}")
    missing = Source.__required_keys__ - set(source)
    if missing:
        raise DocumentError(f"the source lacks {', '.join(sorted(missing))}")
    stream = io.BytesIO()
    options = {
        "constant_memory": True,
        "default_format_properties": FONT,
        "default_row_height": LINE_HEIGHT_IN_PIXELS,
    }
    with xlsxwriter.Workbook(stream, options) as workbook:
        workbook.set_properties({"created": source["taken_at"].replace(tzinfo=None)})
        formats = _Formats(workbook.add_format)
        for sheet in sheets:
            _SheetWriting(sheet, workbook.add_worksheet(sheet.name), formats).write()
        _write_source(workbook.add_worksheet(SOURCE_SHEET), source, formats)
    return stream.getvalue()


def _write_source(worksheet: Worksheet, source: Source, formats: _Formats) -> None:
    worksheet.hide()
    worksheet.set_column(0, 1, 50)
    taken_at = source["taken_at"].isoformat(" ", "seconds")
    lines = [(HASH_LABEL, source["snapshot_hash"]), (TAKEN_AT_LABEL, taken_at)]
    lines.append((PARAMETERS_LABEL, ""))
    lines += [(name, str(value)) for name, value in source["parameters"].items()]
    for number, (label, text) in enumerate(lines):
        formats.write_text(worksheet, number, 0, clean_text(label), bold=True)
        formats.write_text(worksheet, number, 1, clean_text(text))


class _Formats:
    """Cell formats of one workbook, each made once."""

    def __init__(self, make: Callable[[dict[str, object]], Format]) -> None:
        self.make = make
        self.made: dict[frozenset, Format] = {}

    def of(self, **look: object) -> Format:
        key = frozenset(look.items())
        if key not in self.made:
            self.made[key] = self.make({**FONT, "valign": "top", **look})
        return self.made[key]

    def of_text(self, text: str, **look: object) -> Format:
        risky = text.startswith(FORMULA_BEGINNINGS)
        if risky:
            look["quote_prefix"] = True
        # Not every program keeps the quote mark; the format "text" guards the cell there.
        if risky or len(text) <= LONGEST_TEXT_FORMAT:
            look["num_format"] = "@"
        return self.of(text_wrap=True, **look)

    def write_text(
        self, worksheet: Worksheet, row: int, column: int, text: str, **look: object
    ) -> None:
        """Write text that stays text, marked where a spreadsheet cannot hold all of it."""
        look_of_text = self.of_text(text, **look)
        if text:
            worksheet.write_string(row, column, _cut(text), look_of_text)
        else:
            worksheet.write_blank(row, column, None, look_of_text)


def _cut(text: str) -> str:
    """The text as far as a cell holds it; the limit counts 16-bit units."""
    units = text.encode("utf-16-le")
    if len(units) <= LONGEST_CELL * 2:
        return text
    room = (LONGEST_CELL - len(CUT_NOTE)) * 2
    return units[:room].decode("utf-16-le", "ignore") + CUT_NOTE


class _SheetWriting:
    """One sheet on its way into the workbook, strictly from the first row to the last."""

    def __init__(self, sheet: Sheet, worksheet: Worksheet, formats: _Formats) -> None:
        self.sheet = sheet
        self.table = sheet.table
        self.worksheet = worksheet
        self.formats = formats
        self.row = 0
        self.widths = self._widths()
        self.last = max(len(self.table.columns), len(sheet.signatures)) - 1

    def _widths(self) -> list[float]:
        """Widths in characters: numbers and words are never cut."""
        columns = self.table.columns
        words = widest_words(self.table, self.table.lines())
        least = [min(len(word), 40) + 2.5 for word in words]
        weights = [column.weight for column in columns]
        return share_width(weights, least, max(LINE_LENGTH, sum(least)))

    def write(self) -> None:
        sheet = self.sheet
        for index, width in enumerate(self.widths):
            self.worksheet.set_column(index, index, width)
        for line in sheet.form_lines:
            self._across(line)
        for line in sheet.titles:
            self._across(line, bold=True, align="center")
        if self.table.title:
            self._across(self.table.title, bold=True, align="center")
        if self.table.unit:
            self._across(self.table.unit, italic=True, align="right")
        top = self.row
        self._header()
        self._set_up_pages(top)
        self._body()
        if self.table.rounding_shows():
            self._across(ROUNDING_NOTE, italic=True)
        self._signatures()
        self._definitions()

    def _set_up_pages(self, top: int) -> None:
        worksheet = self.worksheet
        worksheet.set_landscape()
        worksheet.set_paper(A4)
        worksheet.set_margins(**MARGINS)
        worksheet.fit_to_pages(1, 0)
        worksheet.set_header('&C&"Times New Roman,Regular"&13&P', {"margin": 0.4})
        worksheet.repeat_rows(top, self.row - 1)
        worksheet.freeze_panes(self.row, 0)

    def _across(self, text: str, **look: object) -> None:
        """A line of text over all columns."""
        self._merged(0, self.last, text, **look)
        self.worksheet.set_row(self.row, self._height(text, sum(self.widths)))
        self.row += 1

    def _merged(self, first: int, last: int, text: str, **look: object) -> None:
        if last > first:
            self.worksheet.merge_range(
                self.row, first, self.row, last, "", self.formats.of_text(text, **look)
            )
        self._text(first, text, **look)

    @staticmethod
    def _height(text: str, width: float, *, bold: bool = False) -> float:
        """Programs do not fit the height of merged cells or of files read back: estimate it."""
        room = width * CHARACTER_WIDTH
        measure = partial(times_width, size=FONT["font_size"], bold=bold)
        lines = wrap_text(text, room, measure).count("\n") + 1
        return min(lines * LINE_HEIGHT + 2, HIGHEST_ROW)

    def _header(self) -> None:
        """Group titles, column titles, codes.

        Every column has its title in one row, none merged over two, so that filters, pivot
        tables and programs find it there.
        """
        columns = self.table.columns
        look = {"align": "center", "valign": "vcenter", "left": 1, "right": 1}
        if self.table.grouped:
            self._group_titles(look)
        heights = [
            self._height(column.title, width, bold=True)
            for column, width in zip(columns, self.widths, strict=True)
        ]
        self.worksheet.set_row(self.row, max(heights))
        for index, column in enumerate(columns):
            lid = int(bool(column.group) or not self.table.grouped)
            self._text(index, column.title, bold=True, top=lid, bottom=1, **look)
        self.row += 1
        if self.table.codes:
            for index, code in enumerate(self.table.codes):
                self._text(index, code, top=1, bottom=1, **look)
            self.row += 1

    def _group_titles(self, look: dict[str, object]) -> None:
        groups = self.table.header_groups
        heights = [
            self._height(group, sum(self.widths[first : last + 1]), bold=True)
            for group, first, last in groups
        ]
        self.worksheet.set_row(self.row, max(heights))
        for group, first, last in groups:
            self._merged(first, last, group, bold=True, top=1, bottom=int(bool(group)), **look)
        self.row += 1

    def _text(self, column: int, text: str, **look: object) -> None:
        self.formats.write_text(self.worksheet, self.row, column, text, **look)

    def _body(self) -> None:
        table = self.table
        rows, total = table.computed()
        start = self.row
        if not rows:
            self._merged(0, len(table.columns) - 1, NO_DATA, align="center", border=1)
            self.row += 1
        for index, (described, computed) in enumerate(zip(table.rows, rows, strict=True)):
            span = (start + index + 1, start + table.group_end(index)) if described.level else None
            self._body_row(described, computed, span)
        if total and table.total:
            self._body_row(table.total, total, (start, start + len(rows)))
        last = len(table.columns) - 1
        area = f"A{start + 1}:{xl_col_to_name(last)}{max(self.row, start + 1)}"
        self.worksheet.ignore_errors({"number_stored_as_text": area})

    def _body_row(self, described: Row, computed: Row, span: tuple[int, int] | None) -> None:
        """Write a row; ``span`` is the first row of its members and the one after the last."""
        bold = described.level > 0
        deepest = max(
            self._height(value, width, bold=bold) if isinstance(value, str) else 0
            for value, width in zip(computed.cells, self.widths, strict=True)
        )
        if deepest > LINE_HEIGHT + 2:
            self.worksheet.set_row(self.row, deepest)
        for index, column in enumerate(self.table.columns):
            value = computed.cells[index]
            summed = described.cells[index] is SUM
            if summed and span and span[1] > span[0]:
                self._sum(index, column, value, span)
            else:
                self._value(index, column, value, bold=bold)
        self.row += 1

    def _sum(self, index: int, column: Column, value: Value, span: tuple[int, int]) -> None:
        """A formula with its result, so that readers that do not calculate show it too."""
        letter = xl_col_to_name(index)
        cells = f"{letter}{span[0] + 1}:{letter}{span[1]}"
        # SUBTOTAL leaves out the subtotals within its range; SUM would count them again.
        grouped = any(row.level for row in self.table.rows)
        formula = f"=SUBTOTAL(9,{cells})" if grouped else f"=SUM({cells})"
        look = self._number_look(column, bold=True)
        self.worksheet.write_formula(self.row, index, formula, look, float(column.shown(value)))

    def _value(self, index: int, column: Column, value: Value, *, bold: bool) -> None:
        look = {"bold": bold, "border": 1, "align": column.alignment}
        if value is None:
            self.worksheet.write_blank(self.row, index, None, self.formats.of(**look))
        elif isinstance(value, str):
            self._text(index, value, **look)
        elif isinstance(value, dt.date):
            self._date(index, value, look)
        else:
            number = float(column.shown(value))
            number_look = self._number_look(column, bold=bold)
            self.worksheet.write_number(self.row, index, number, number_look)

    def _date(self, index: int, value: dt.date, look: dict[str, object]) -> None:
        if value < FIRST_DAY:
            # Spreadsheets count days from 1900 and take that year for a leap year.
            text = f"{value:%d/%m}/{value.year:04}"
            self._text(index, text, **look)
        else:
            look_of_date = self.formats.of(num_format="dd/mm/yyyy", **look)
            self.worksheet.write_datetime(self.row, index, value, look_of_date)

    def _number_look(self, column: Column, *, bold: bool) -> Format:
        decimals = "." + "0" * column.decimals if column.decimals else ""
        return self.formats.of(
            num_format=f"#,##0{decimals}", bold=bold, border=1, align=column.alignment
        )

    def _signatures(self) -> None:
        signatures = self.sheet.signatures
        if not signatures:
            return
        self.row += 1
        deepest = max(len(signature.authority) for signature in signatures)
        for number in range(deepest):
            lines = [(*signature.authority, *[""] * deepest)[number] for signature in signatures]
            self._beside(lines, bold=True)
        if any(signature.hint for signature in signatures):
            self._beside([signature.hint for signature in signatures], italic=True)
        self.row += SIGNING_ROWS
        self._beside([signature.name or "" for signature in signatures], bold=True)

    def _beside(self, texts: Sequence[str], **look: object) -> None:
        """Texts side by side, each over its share of the columns."""
        columns = self.last + 1
        heights = []
        for index, text in enumerate(texts):
            first = index * columns // len(texts)
            last = (index + 1) * columns // len(texts) - 1
            self._merged(first, last, text, align="center", **look)
            heights.append(self._height(text, sum(self.widths[first : last + 1])))
        self.worksheet.set_row(self.row, max(heights))
        self.row += 1

    def _definitions(self) -> None:
        definitions = self.sheet.definitions
        if not definitions:
            return
        self.row += 1
        self._across(definitions.title, bold=True)
        for term, text in definitions.entries:
            self._across(f"{term}: {text}")
