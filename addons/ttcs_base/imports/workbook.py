"""The workbooks that an import gives back: an empty template, and the list with its verdicts.

Text never becomes a formula: a cell that begins like one carries the spreadsheet's own quote
mark, so that it is read back unchanged.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Sequence

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from ..documents.excel import FONT, FORMULA_BEGINNINGS
from ..spreadsheet.cells import CellFault, CellValue
from ..spreadsheet.fields import FieldSpec

_FIRST_DAY = datetime.date(1900, 3, 1)
_LONGEST_LIST = 255
_ROWS_WITH_CHOICES = 5000
_WIDEST, _NARROWEST = 45, 10
_COLOURS = {"new": "#E2F0D9", "update": "#FFF2CC", "refused": "#F8CBAD", "question": "#F8CBAD"}
_COLOURS["duplicate"] = "#EDEDED"


def template_workbook(specs: Sequence[FieldSpec], sheet_name: str, words: dict[str, str]) -> bytes:
    """An empty list with one heading for each field and a sheet that explains them.

    :param words: texts in the reader's language, by "guide", "field", "required", "yes",
        "accepted" and, for each kind of field, its explanation
    """
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"default_format_properties": FONT}) as workbook:
        heading = workbook.add_format({**FONT, "bold": True, "border": 1, "text_wrap": True})
        needed = workbook.add_format(
            {**FONT, "bold": True, "border": 1, "text_wrap": True, "bg_color": "#FFF2CC"}
        )
        text = workbook.add_format({**FONT, "num_format": "@"})
        wrapped = workbook.add_format({**FONT, "text_wrap": True, "valign": "top"})
        sheet = workbook.add_worksheet(sheet_name[:31])
        guide = workbook.add_worksheet(words["guide"][:31])
        sheet.freeze_panes(1, 0)
        guide.set_column(0, 0, 34)
        guide.set_column(1, 1, 12)
        guide.set_column(2, 2, 80)
        guide.write_row(0, 0, [words["field"], words["required"], words["accepted"]], heading)
        for index, spec in enumerate(specs):
            is_text = spec.kind in ("text", "phone")
            sheet.set_column(index, index, _width([spec.label]), text if is_text else None)
            sheet.write_string(0, index, spec.label, needed if spec.required else heading)
            accepted = [words_of[0] for words_of in spec.choices.values() if words_of]
            _offer_choices(sheet, index, accepted)
            guide.write_string(index + 1, 0, spec.label, wrapped)
            guide.write_string(index + 1, 1, words["yes"] if spec.required else "", wrapped)
            meaning = "; ".join(accepted) or words.get(spec.kind, "")
            guide.write_string(index + 1, 2, meaning, wrapped)
    return stream.getvalue()


def result_workbook(
    headings: Sequence[str],
    rows: Iterable[tuple[Sequence[CellValue], str]],
    sheet_name: str,
) -> bytes:
    """The list as it was read, each row coloured by its verdict.

    :param rows: cells and verdict of each row; the cells include what was added behind
    """
    stream = io.BytesIO()
    options = {"constant_memory": True, "default_format_properties": FONT}
    with xlsxwriter.Workbook(stream, options) as workbook:
        writing = _Writing(workbook, workbook.add_worksheet(_sheet_name(sheet_name)))
        rows = list(rows)
        for index, heading in enumerate(headings):
            sample = [str(cells[index] or "") for cells, _v in rows[:50] if index < len(cells)]
            writing.sheet.set_column(index, index, _width([heading, *sample]))
        writing.sheet.freeze_panes(1, 0)
        for index, heading in enumerate(headings):
            writing.write(0, index, heading, {"bold": True, "border": 1, "text_wrap": True})
        for number, (cells, verdict) in enumerate(rows, 1):
            look = {"bg_color": _COLOURS[verdict]} if verdict in _COLOURS else {}
            for index, value in enumerate(cells):
                writing.write(number, index, value, look)
        if rows:
            writing.sheet.autofilter(0, 0, len(rows), len(headings) - 1)
    return stream.getvalue()


class _Writing:
    """One sheet being written, with each format made once."""

    def __init__(self, workbook: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        self.sheet = sheet
        self._workbook = workbook
        self._formats: dict[frozenset, object] = {}

    def write(self, row: int, column: int, value: CellValue, look: dict[str, object]) -> None:
        if value is None or value == "":
            return
        if isinstance(value, CellFault):
            value = value.text
        if isinstance(value, datetime.datetime):
            value = value.date() if value.time() == datetime.time() else f"{value:%d/%m/%Y %H:%M}"
        if isinstance(value, datetime.date) and value >= _FIRST_DAY:
            self.sheet.write_datetime(
                row, column, value, self._format({**look, "num_format": "dd/mm/yyyy"})
            )
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            self.sheet.write_number(row, column, value, self._format(look))
        else:
            text = str(value)
            if text.startswith(FORMULA_BEGINNINGS):
                look = {**look, "quote_prefix": True}
            self.sheet.write_string(row, column, text, self._format({**look, "num_format": "@"}))

    def _format(self, look: dict[str, object]) -> object:
        key = frozenset(look.items())
        if key not in self._formats:
            self._formats[key] = self._workbook.add_format({**FONT, **look})
        return self._formats[key]


def _offer_choices(sheet: Worksheet, column: int, choices: Sequence[str]) -> None:
    if choices and len(",".join(choices)) <= _LONGEST_LIST:
        sheet.data_validation(
            1,
            column,
            _ROWS_WITH_CHOICES,
            column,
            {"validate": "list", "source": list(choices), "error_type": "information"},
        )


def _sheet_name(name: str) -> str:
    kept = "".join(" " if character in "[]:*?/\\" else character for character in name)
    return kept.strip("' ")[:31] or "1"


def _width(texts: Iterable[str]) -> float:
    longest = max(map(len, texts), default=_NARROWEST)
    return min(max(longest * 1.2, _NARROWEST), _WIDEST)
