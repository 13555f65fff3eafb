"""The files that an import gives back, filled from a batch."""

from __future__ import annotations

from ..spreadsheet.headings import Header
from .reading import read_cells
from .workbook import result_workbook, template_workbook

_UNIT_WORDS = {1000: "nghìn đồng", 1_000_000: "triệu đồng", 10**9: "tỷ đồng"}


def template_file(kind) -> bytes:
    """An empty list of a kind, in the user's language."""
    env = kind.env
    words = {
        "guide": env._("How to fill in"),
        "field": env._("Column"),
        "required": env._("Needed"),
        "accepted": env._("What may stand there"),
        "yes": env._("yes"),
        "text": env._("Text"),
        "integer": env._("A whole number"),
        "money": env._("An amount in đồng"),
        "decimal": env._("A number"),
        "date": env._("A date such as 15/03/2021, or only the year"),
        "year": env._("A year"),
        "time": env._("A time of day, such as 05:30"),
        "moment": env._("A day with its time, such as 15/03/2021 05:30"),
        "coordinates": env._("Latitude and longitude, such as 10.4593, 105.6321"),
        "latitude": env._("Degrees, such as 10.4593"),
        "longitude": env._("Degrees, such as 105.6321"),
        "phone": env._("A telephone number"),
        "yes_or_no": env._("x or nothing"),
    }
    return template_workbook(kind.specs(), kind.name(), words)


def result_file(batch) -> bytes:
    """The list of a batch with the code of each record, the verdict and the explanation."""
    kind = batch._import_kind()
    columns = batch.column_ids.filtered(lambda column: column.index >= 0)
    by_index = {column.index: column for column in columns}
    width = max(by_index, default=-1) + 1
    constants = batch.column_ids.filtered(lambda column: column.index < 0 and column.constant)
    code_column = next(
        (column.index for column in columns if column.field_key == kind.code_field), None
    )
    headings = [_heading(by_index.get(index), kind, batch) for index in range(width)]
    headings += [column.heading for column in constants]
    if kind.code_field and code_column is None:
        headings.append(kind.by_key[kind.code_field].label)
    headings += batch._result_headings()

    rows = batch.env["ttcs.import.row"].search_fetch(
        [("batch_id", "=", batch.id)], ["number", "verdict", "message", "res_id"]
    )
    by_number = {row.number: row for row in rows}
    labels = dict(rows._fields["verdict"]._description_selection(batch.env))
    codes = kind.codes([row.res_id for row in rows if row.res_id])
    header = Header(batch.header_first_row, batch.header_last_row, ())
    lines = []
    for read in read_cells(batch._content(), batch.sheet_name, header):
        row = by_number.get(read.number)
        if not row:
            continue
        cells = [*read.values[:width], *[None] * (width - len(read.values))]
        cells += [None if row.verdict == "skipped" else column.constant for column in constants]
        code = codes.get(row.res_id)
        if code_column is not None:
            cells[code_column] = cells[code_column] or code
        elif kind.code_field:
            cells.append(code)
        cells += [labels[row.verdict], row.message or None]
        lines.append((cells, row.verdict))
    return result_workbook(headings, lines, batch.sheet_name or kind.name())


def _heading(column, kind, batch) -> str:
    """The heading of a column, with the unit that a title above the list gave its amounts."""
    if not column:
        return ""
    spec = kind.by_key.get(column.field_key)
    unit = _UNIT_WORDS.get(batch.header_unit)
    if spec and spec.kind == "money" and unit and not column.unit:
        return f"{column.heading} ({unit})"
    return column.heading or ""
