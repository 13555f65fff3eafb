"""Lists as offices keep them, for the tests of the import in this add-on and those above it."""

from __future__ import annotations

import base64
import io

import openpyxl
import xlsxwriter

from .common import TtcsCase

LEGACY_FONT = ".VnTime"


def workbook(rows, *, sheet="Sheet1", legacy_rows=(), formulas=None):
    """An .xlsx file with these rows; None leaves a cell blank.

    :param legacy_rows: indexes of rows that are typed in an old font
    :param formulas: formulas without a stored result, by (row index, column index)
    """
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        page = book.add_worksheet(sheet)
        old = book.add_format({"font_name": LEGACY_FONT})
        for number, row in enumerate(rows):
            look = old if number in legacy_rows else None
            for column, value in enumerate(row):
                if isinstance(value, str):
                    page.write_string(number, column, value, look)
                elif value is not None:
                    page.write(number, column, value)
        for (number, column), formula in (formulas or {}).items():
            page.write_formula(number, column, formula, None, "")
    return stream.getvalue()


def read_back(action):
    """The cells of the file that a "save file" action holds, row by row."""
    content = base64.b64decode(action["params"]["content"])
    page = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return [[cell.value for cell in row] for row in page.iter_rows()]


class ImportCase(TtcsCase):
    """A commune officer with lists, and short ways to bring them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls.make_user(cls.committee_c, "user", "people_manager")
        cls.administrator = cls.make_user(cls.committee, "administrator")

    def bring(self, kind, content, user=None, agency=None, **values):
        """A batch with a file, not read yet, as a user would make it."""
        batches = self.env["ttcs.import.batch"].with_user(user or self.administrator)
        return batches.create(
            {
                "kind": kind,
                "agency_id": (agency or self.committee_c).id,
                "file": base64.b64encode(content),
                "file_name": "danh sach.xlsx",
                **values,
            }
        )

    def check(self, kind, content, user=None, agency=None, **values):
        """A batch whose rows have their verdicts."""
        batch = self.bring(kind, content, user, agency, **values)
        batch.action_read()
        batch.action_check()
        return batch

    def verdicts(self, batch):
        """Verdict by row number."""
        return {row.number: row.verdict for row in batch.row_ids}

    def row(self, batch, number):
        return batch.row_ids.filtered(lambda row: row.number == number)

    def question(self, batch, words):
        """The one question that contains these words."""
        found = batch.question_ids.filtered(lambda question: words in question.prompt)
        self.assertEqual(len(found), 1, batch.question_ids.mapped("prompt"))
        return found

    def answer(self, batch, words, label):
        """Choose the option that begins so."""
        question = self.question(batch, words)
        values = [each["value"] for each in question.options if each["label"].startswith(label)]
        self.assertEqual(len(values), 1, question.options)
        question.action_answer(values[0])
