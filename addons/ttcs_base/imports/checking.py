"""One check of a whole list: every row of the sheet gets a verdict, also those that are none."""

from __future__ import annotations

from ..spreadsheet.headings import ColumnMatch, Header
from ..spreadsheet.skipping import SKIP_REASONS
from ..spreadsheet.values import parse
from .reading import as_json, open_records, shown
from .record import REFUSED, SKIPPED, ImportRecord


class ListCheck:
    """Reads the rows of a batch and lets its kind give their verdicts.

    :param batch: a ``ttcs.import.batch`` whose columns are chosen
    """

    def __init__(self, batch) -> None:
        self.batch = batch
        self.env = batch.env
        self.kind = batch._import_kind()
        self.records: list[ImportRecord] = []
        self.skipped: list[ImportRecord] = []
        self.blank_rows = 0
        self._converted = 0
        self._skipped_counts: dict[str, int] = {}

    def run(self) -> None:
        """Read and check.

        :raises SpreadsheetRefused: when the file cannot be read to its end
        """
        self.kind.start(self.env["ttcs.import.question"]._answers(self.batch))
        self._read()
        self.kind.check(self.records)
        for record in self.records:
            if record.settled:
                record.vals, record.links, record.changes = {}, {}, []

    def all_records(self) -> list[ImportRecord]:
        """Every row of the sheet below its headings that is not blank."""
        return [*self.records, *self.skipped]

    def notes(self) -> str:
        """What there is to say about the list as a whole, one line each."""
        env, header = self.env, self.batch
        lines = [
            env._(
                "Headings in rows %(first)s–%(last)s of the sheet.",
                first=header.header_first_row,
                last=header.header_last_row,
            )
            if header.header_last_row > header.header_first_row
            else env._("Headings in row %(first)s of the sheet.", first=header.header_first_row)
        ]
        lines += [
            env._("%(reason)s: %(count)s", reason=env._(SKIP_REASONS[reason]), count=count)
            for reason, count in self._skipped_counts.items()
        ]
        if self._converted:
            lines.append(
                env._(
                    "Text in old fonts was turned into Unicode in %(count)s rows.",
                    count=self._converted,
                )
            )
        return "\n".join(lines)

    def _read(self) -> None:
        batch = self.batch
        specs = self.kind.specs()
        columns = batch.column_ids.filtered(lambda column: column.index >= 0)
        headings = [""] * (max(columns.mapped("index"), default=-1) + 1)
        matches = []
        for column in columns:
            headings[column.index] = column.heading or ""
            matches.append(
                ColumnMatch(
                    column.index,
                    column.heading or "",
                    column.field_key or None,
                    1.0,
                    unit=column.unit or None,
                )
            )
        header = Header(
            batch.header_first_row,
            batch.header_last_row,
            tuple(headings),
            batch.header_unit or None,
        )
        with open_records(batch._content(), batch.sheet_name, header, matches, specs) as passed:
            for row in passed:
                self.records.append(self._record(row))
            self.blank_rows = passed.blank_rows
            self._skipped_counts = passed.skipped_counts()
            self.skipped = [
                ImportRecord(
                    number=row.number,
                    values={},
                    label=row.text,
                    verdict=SKIPPED,
                    message=self.env._(SKIP_REASONS[row.reason]),
                )
                for row in passed.skipped
            ]
        self._add_constants()

    def _record(self, row) -> ImportRecord:
        record = ImportRecord(
            number=row.number,
            values={key: as_json(value) for key, value in row.values.items()},
            section=row.section,
            label=str(row.values.get("name") or ""),
        )
        for key, problem in row.problems.items():
            self.kind.take_problem(record, key, problem, shown(row.raw.get(key)))
        self._converted += bool(row.converted)
        return record

    def _add_constants(self) -> None:
        """Give all rows the values that hold for all of them."""
        values = {}
        for column in self.batch.column_ids:
            if column.index >= 0 or not column.constant:
                continue
            spec = self.kind.by_key[column.field_key]
            parsed = parse(column.constant, spec)
            if parsed.problem and parsed.problem.is_error:
                reason = self.env._(parsed.problem.message, **parsed.problem.arguments)
                for record in self.records:
                    record.settle(REFUSED, f"{spec.label}: {reason}")
            values[column.field_key] = as_json(parsed.value)
        if values:
            for record in self.records:
                record.values = {**record.values, **values}
