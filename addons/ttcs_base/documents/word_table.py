"""A table of an editable document, written as WordprocessingML (ECMA-376, part 1, 17.4).

The library adds cells one by one: 2,200 formatted rows of 8 took 6.5 s.  Written as text and
parsed once they take 0.5 s.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.oxml.xmlchemy import BaseOxmlElement

from .fonts import times_width
from .form import NO_DATA
from .table import Align, Line, Table, fit_table

TWIPS = 20
PADDING = 4.0
# Editors take the borders from the room of the text and round widths.
SLACK = 2.0
BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)


def table_element(table: Table, width: float) -> BaseOxmlElement:
    """The table as an element for the body, ``width`` points wide."""
    lines = table.lines()
    size, widths = fit_table(table, lines, width, 2 * PADDING + SLACK, times_width)
    writing = _Writing(table, [round(each * TWIPS) for each in widths], size)
    return parse_xml(writing.xml(lines))


class _Writing:
    """One table on its way to XML; widths in twentieths of a point."""

    def __init__(self, table: Table, widths: Sequence[int], size: float) -> None:
        self.table = table
        self.widths = widths
        self.half_points = round(size * 2)
        self.aligns = [column.alignment for column in table.columns]

    def xml(self, lines: Sequence[Line]) -> str:
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in self.widths)
        side = f'w:w="{round(PADDING * TWIPS)}" w:type="dxa"'
        edge = f'w:w="{round(PADDING / 2 * TWIPS)}" w:type="dxa"'
        rows = "".join((*self._header(), *self._body(lines)))
        return (
            f"<w:tbl {nsdecls('w')}><w:tblPr>"
            f'<w:tblW w:w="{sum(self.widths)}" w:type="dxa"/><w:jc w:val="center"/>'
            f'<w:tblBorders>{BORDERS}</w:tblBorders><w:tblLayout w:type="fixed"/>'
            f"<w:tblCellMar><w:top {edge}/><w:left {side}/>"
            f"<w:bottom {edge}/><w:right {side}/></w:tblCellMar>"
            f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
        )

    def _header(self) -> Iterator[str]:
        columns = self.table.columns
        grouped = self.table.grouped
        if grouped:
            yield self._row(self._group_cells(), header=True)
        titles = []
        for index, column in enumerate(columns):
            merged = grouped and not column.group
            text = "" if merged else column.title
            titles.append(self._title(text, self.widths[index], merge="continue" * merged))
        yield self._row(titles, header=True)
        if self.table.codes:
            cells = [
                self._cell(code, width, "center", bold=False)
                for code, width in zip(self.table.codes, self.widths, strict=True)
            ]
            yield self._row(cells, header=True)

    def _group_cells(self) -> Iterator[str]:
        for group, first, last in self.table.header_groups:
            width = sum(self.widths[first : last + 1])
            if group:
                yield self._title(group, width, span=last - first + 1)
            else:
                yield self._title(self.table.columns[first].title, width, merge="restart")

    def _body(self, lines: Sequence[Line]) -> Iterator[str]:
        if not lines:
            span = f'<w:gridSpan w:val="{len(self.widths)}"/>'
            cell = self._cell(NO_DATA, sum(self.widths), "center", bold=False, extra=span)
            yield self._row([cell])
        for line in lines:
            cells = (
                self._cell(text, width, align, bold=line.bold)
                for text, width, align in zip(line.texts, self.widths, self.aligns, strict=True)
            )
            yield self._row(cells)

    def _row(self, cells: Iterable[str], *, header: bool = False) -> str:
        repeated = "<w:tblHeader/>" if header else ""
        return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{''.join(cells)}</w:tr>"

    def _title(self, text: str, width: int, *, span: int = 1, merge: str = "") -> str:
        extra = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
        if merge:
            extra += f'<w:vMerge w:val="{merge}"/>'
        extra += '<w:vAlign w:val="center"/>'
        return self._cell(text, width, "center", bold=True, extra=extra)

    def _cell(self, text: str, width: int, align: Align, *, bold: bool, extra: str = "") -> str:
        heavy = "<w:b/>" if bold else ""
        look = f'<w:rPr>{heavy}<w:sz w:val="{self.half_points}"/></w:rPr>'
        lines = escape(text).replace("\t", " ").split("\n")
        parts = "<w:br/>".join(f'<w:t xml:space="preserve">{line}</w:t>' for line in lines)
        run = f"<w:r>{look}{parts}</w:r>" if text else ""
        return (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{extra}</w:tcPr>'
            f'<w:p><w:pPr><w:pStyle w:val="TableText"/><w:jc w:val="{align}"/></w:pPr>{run}</w:p>'
            "</w:tc>"
        )
