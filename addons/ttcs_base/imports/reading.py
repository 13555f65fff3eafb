"""Opening the file of a list: which sheet, which headings, which column holds which field."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal

from ..spreadsheet.amounts import is_blank
from ..spreadsheet.cells import CellFault, CellValue
from ..spreadsheet.fields import FieldSpec
from ..spreadsheet.headings import (
    ColumnMatch,
    Header,
    find_header,
    heading_keys,
    is_ordinal_heading,
    match_headings,
    unit_above,
)
from ..spreadsheet.reader import Sheet, SheetRow, open_workbook
from ..spreadsheet.refusal import SpreadsheetRefused
from ..spreadsheet.rows import DataRows
from ..spreadsheet.values import parse_text

_SAMPLES = 3
_LONGEST_SAMPLE = 40


@dataclass(frozen=True)
class ListLayout:
    """What was found out about a file before its rows are read.

    ``sheet_names`` are the visible sheets, ``sheet`` the one with the list, ``title`` the
    texts above its headings; ``is_guess`` says that no row looked like headings and the first
    row with two texts was taken.
    """

    sheet_names: tuple[str, ...]
    sheet: str
    title: str
    header: Header
    matches: tuple[ColumnMatch, ...]
    samples: Mapping[int, tuple[str, ...]]
    is_guess: bool


def read_layout(
    content: bytes,
    specs: Sequence[FieldSpec],
    saved_mapping: Mapping[str, str | None],
    sheet_name: str | None = None,
) -> ListLayout:
    """Find the list in a workbook: in the named sheet, else in the one that fits best.

    :raises SpreadsheetRefused: when the file cannot be read or holds no filled sheet
    """
    with open_workbook(content) as workbook:
        visible = [sheet for sheet in workbook.sheets if not sheet.hidden] or workbook.sheets
        wanted = [sheet for sheet in visible if sheet.name == sheet_name] or visible
        layouts = [_sheet_layout(sheet, visible, specs, saved_mapping) for sheet in wanted]
    layouts = [layout for layout in layouts if layout]
    if not layouts:
        raise SpreadsheetRefused("no_sheet")
    return max(layouts, key=_fit)


@contextmanager
def open_records(
    content: bytes,
    sheet_name: str,
    header: Header,
    matches: Sequence[ColumnMatch],
    specs: Sequence[FieldSpec],
) -> Iterator[DataRows]:
    """Open a sheet for one pass over its records.

    :raises SpreadsheetRefused: also on the way, where the sheet is damaged or too long
    """
    with open_workbook(content) as workbook:
        sheet = _named(workbook.sheets, sheet_name)
        yield DataRows(sheet.rows(), header, matches, specs, sheet.merged)


def read_cells(content: bytes, sheet_name: str, header: Header) -> Iterator[SheetRow]:
    """Yield the filled rows below the headings as they stand in the sheet."""
    with open_workbook(content) as workbook:
        for row in _named(workbook.sheets, sheet_name).rows():
            if row.number > header.last_row:
                yield row


def shown(value: CellValue) -> str:
    """The cell as a person reads it.

    >>> shown(3.0), shown(None), shown(datetime.date(2021, 3, 5))
    ('3', '', '05/03/2021')
    """
    if isinstance(value, CellFault):
        return value.text
    return parse_text(value).value or ""


def as_json(value: object) -> object:
    """A parsed value as JSON holds it.

    >>> as_json(Decimal("2.50")), as_json(datetime.date(2021, 3, 5)), as_json((10.4, 105.6))
    (2.5, '2021-03-05', [10.4, 105.6])
    """
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _named(sheets: Iterable[Sheet], name: str) -> Sheet:
    for sheet in sheets:
        if sheet.name == name:
            return sheet
    raise SpreadsheetRefused("no_sheet")


def _sheet_layout(
    sheet: Sheet,
    visible: Sequence[Sheet],
    specs: Sequence[FieldSpec],
    saved_mapping: Mapping[str, str | None],
) -> ListLayout | None:
    rows = sheet.first_rows()
    if not rows:
        return None
    header = _known_header(rows, saved_mapping) or find_header(rows, sheet.merged, specs)
    is_guess = header is None
    header = header or _first_texts(rows)
    matches = match_headings(header.headings, specs, saved_mapping)
    return ListLayout(
        sheet_names=tuple(other.name for other in visible),
        sheet=sheet.name,
        title=" ".join(
            shown(value)
            for row in rows
            if row.number < header.first_row
            for value in row.values
            if isinstance(value, str)
        ),
        header=header,
        matches=tuple(matches),
        samples=_samples(rows, header),
        is_guess=is_guess,
    )


def _known_header(rows: Sequence[SheetRow], saved: Mapping[str, str | None]) -> Header | None:
    """The row whose headings were all confirmed before, however odd they are."""
    for row in rows:
        headings = tuple(shown(value) for value in row.values)
        keys = [key for key in heading_keys(headings) if key and not is_ordinal_heading(key)]
        if len(keys) > 1 and all(key in saved for key in keys):
            unit = unit_above(row.number, {above.number: above.values for above in rows})
            return Header(row.number, row.number, headings, unit)
    return None


def _first_texts(rows: Sequence[SheetRow]) -> Header:
    for row in rows:
        texts = [value for value in row.values if isinstance(value, str)]
        if len(texts) > 1 and len(texts) * 2 > sum(not is_blank(value) for value in row.values):
            return Header(row.number, row.number, tuple(shown(value) for value in row.values))
    first = rows[0]
    return Header(first.number, first.number, tuple(shown(value) for value in first.values))


def _samples(rows: Sequence[SheetRow], header: Header) -> dict[int, tuple[str, ...]]:
    samples: dict[int, list[str]] = {}
    for row in rows:
        if row.number <= header.last_row:
            continue
        for index, value in enumerate(row.values):
            seen = samples.setdefault(index, [])
            text = shown(value)[:_LONGEST_SAMPLE]
            if text and text not in seen and len(seen) < _SAMPLES:
                seen.append(text)
    return {index: tuple(seen) for index, seen in samples.items()}


def _fit(layout: ListLayout) -> tuple[bool, float]:
    return not layout.is_guess, sum(match.confidence for match in layout.matches)
