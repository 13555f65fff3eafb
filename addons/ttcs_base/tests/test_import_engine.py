"""What every import must keep, whatever the list is about."""

import base64
import doctest
import importlib
import io
import pkgutil

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.queue_job.tests.common import trap_jobs

from .. import accounts, imports
from ..models import ttcs_import_batch, ttcs_import_batch_work
from .import_common import ImportCase, read_back, workbook

HEADINGS = ["TT", "Ấp, khóm", "Số hộ", "Nhân khẩu"]
ENCRYPTED = (
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le")
)


def hamlet_list(count, name="Khóm Thử"):
    rows = [[number, f"{name} {number + 100}", 10, 40] for number in range(1, count + 1)]
    return workbook([HEADINGS, *rows])


@tagged("post_install", "-at_install")
class TestImportEngine(ImportCase):
    def test_doctests(self):
        for package in (imports, accounts):
            for info in pkgutil.iter_modules(package.__path__):
                module = importlib.import_module(f"{package.__name__}.{info.name}")
                with self.subTest(module=info.name):
                    self.assertEqual(doctest.testmod(module).failed, 0)

    # Files that are not read ----------------------------------------------------------------

    def test_files_that_are_no_lists_are_refused_with_what_to_do(self):
        csv = "TT;Ấp;Số hộ\n1;Ấp Một;20\n".encode()
        for content, words in (
            (b"", "is empty. Choose another"),
            (csv, "plain text"),
            (ENCRYPTED, "password"),
            (b"PK\x03\x04 broken", "damaged"),
            (workbook([]), "no sheet with cells"),
        ):
            with self.subTest(words=words), self.assertRaisesRegex(UserError, words):
                self.bring("hamlets", content).action_read()

    def test_wrong_columns_say_what_is_missing_and_can_be_chosen_by_hand(self):
        content = workbook(
            [["Cột lạ", "Cột kia"], ["Khóm Tự Chọn", "gì đó"], ["Khóm Hai Tự", "-"]]
        )
        batch = self.bring("hamlets", content)
        batch.action_read()
        self.assertTrue(batch.header_is_guess)
        self.assertIn("Name of hamlet", batch.missing_text)
        with self.assertRaisesRegex(UserError, "No column holds: Name of hamlet"):
            batch.action_check()
        batch.column_ids.filtered(lambda column: column.heading == "Cột lạ").action_choose("name")
        batch.action_check()
        self.assertEqual(self.verdicts(batch), {2: "new", 3: "new"})

    def test_formula_without_result_refuses_its_row_only(self):
        content = workbook(
            [HEADINGS, [1, "Khóm Công Thức", 1, 4], [2, "Khóm Số Thật", 1, 4]],
            formulas={(1, 3): "=C2*4"},
        )
        batch = self.check("hamlets", content)
        self.assertEqual(self.verdicts(batch), {2: "refused", 3: "new"})
        self.assertIn("no stored result", self.row(batch, 2).message)

    def test_more_rows_than_are_read_is_refused(self):
        from ..spreadsheet.package import ReadingLimits

        self.patch(ReadingLimits.__init__, "__defaults__", self.limits_with_rows(10))
        batch = self.bring("hamlets", hamlet_list(60))
        batch.action_read()
        with self.assertRaisesRegex(UserError, "Split it into several files"):
            batch.action_check()

    @staticmethod
    def limits_with_rows(rows):
        from ..spreadsheet.package import ReadingLimits

        defaults = list(ReadingLimits.__init__.__defaults__)
        defaults[list(ReadingLimits.__dataclass_fields__).index("rows")] = rows
        return tuple(defaults)

    # Every row is accounted for -------------------------------------------------------------

    def test_every_row_of_the_sheet_is_accounted_for(self):
        rows = [
            ["Danh sách khóm"],
            HEADINGS,
            [1, 2, 3, 4],
            [1, "Khóm Đủ", 10, 40],
            [],
            [2, "Khóm Đủ", 10, 40],
            [3, None, 10, 40],
            [None, "Cộng", 30, 120],
        ]
        batch = self.check("hamlets", workbook(rows))
        self.assertEqual(
            self.verdicts(batch),
            {3: "skipped", 4: "new", 6: "duplicate", 7: "refused", 8: "skipped"},
        )
        below_headings = len(rows) - batch.header_last_row
        self.assertEqual(batch.row_count + batch.blank_count, below_headings)
        self.assertIn("row 4", self.row(batch, 6).message)
        self.assertIn("is missing", self.row(batch, 7).message)

    def test_a_row_at_fault_does_not_hold_back_the_others(self):
        batch = self.check("hamlets", hamlet_list(9))
        for number in (103, 107):
            self.make_unit(
                f"Thử {number}", "urban_hamlet", self.commune_c, valid_from="2025-07-01"
            )
        batch.action_apply()
        self.assertEqual((batch.state, batch.created_count, batch.refused_count), ("done", 7, 2))
        refused = batch.row_ids.filtered(lambda row: row.verdict == "refused")
        self.assertEqual(
            refused.mapped("label"),
            ["Khóm Thử 103, Phường Đường Thử C", "Khóm Thử 107, Phường Đường Thử C"],
        )

    def test_record_changed_since_the_preview_is_left_alone(self):
        self.check("hamlets", hamlet_list(2)).action_apply()
        hamlet = self.env["ttcs.unit"].search([("name", "=", "Thử 101")])
        changed = workbook([HEADINGS, [1, "Khóm Thử 101", 10, 99], [2, "Khóm Thử 102", 10, 99]])
        batch = self.check("hamlets", changed)
        hamlet.population = 50
        batch.action_apply()
        self.assertEqual(hamlet.population, 50)
        self.assertEqual(self.verdicts(batch), {2: "refused", 3: "update"})
        self.assertIn("changed since the preview", self.row(batch, 2).message)

    # Memory of earlier imports --------------------------------------------------------------

    def test_columns_chosen_by_hand_are_remembered_for_the_agency(self):
        content = workbook([["Cột lạ", "Cột kia"], ["Khóm Nhớ", 12]])
        first = self.bring("hamlets", content)
        first.action_read()
        first.column_ids.filtered(lambda column: column.heading == "Cột lạ").action_choose("name")
        first.action_check()
        second = self.bring("hamlets", workbook([["CỘT  LẠ", "cot kia"], ["Khóm Nhớ 2", 1]]))
        second.action_read()
        self.assertEqual(second.column_ids.sorted("index").mapped("field_key"), ["name", False])
        self.assertFalse(second.header_is_guess)
        other = self.bring("hamlets", content, agency=self.committee_g)
        other.action_read()
        self.assertFalse(any(other.column_ids.mapped("field_key")))

    def test_rows_left_out_for_a_question_come_in_with_the_next_import(self):
        content = workbook([["Ấp", "Xã"], ["Ấp Rõ", "Bình Thử G"], ["Ấp Chưa Rõ", "Phú Thử D"]])
        first = self.check("hamlets", content, agency=self.committee, unit_id=False)
        first.action_apply()
        self.assertEqual((first.created_count, first.question_count), (1, 1))
        second = self.env["ttcs.import.batch"].browse(first.action_bring_again()["res_id"])
        second = second.with_user(self.administrator)
        self.assertEqual(self.verdicts(second), {2: "same", 3: "question"})
        self.answer(second, "was split", "Xã Long Thử E")
        second.action_apply()
        self.assertEqual(second.created_count, 1)

    def test_one_field_has_one_column(self):
        batch = self.bring("hamlets", workbook([["Ấp", "Khóm", "Số hộ"], ["Khóm A", "Khóm B", 3]]))
        batch.action_read()
        first, second, _third = batch.column_ids.sorted("index")
        second.action_choose("name")
        self.assertEqual((first.field_key, second.field_key), (False, "name"))

    # Who may do what ------------------------------------------------------------------------

    def test_lists_of_another_agency_are_not_seen(self):
        stranger = self.make_user(self.committee_g, "user", "people_manager")
        batch = self.check("users", workbook([["Họ và tên", "Chức vụ"], ["Ai", "Technician"]]),
                           user=self.officer)  # fmt: skip
        for records in (batch, batch.row_ids, batch.column_ids):
            self.assertFalse(self.seen_by(stranger, records))

    def test_list_of_people_is_not_seen_without_the_duty(self):
        colleague = self.make_user(self.committee_c, "user")
        batch = self.check("users", workbook([["Họ và tên", "Chức vụ"], ["Ai", "Technician"]]),
                           user=self.officer)  # fmt: skip
        self.assertFalse(self.seen_by(colleague, batch.row_ids))

    def test_what_will_be_written_cannot_be_slipped_into_a_row(self):
        batch = self.check("hamlets", hamlet_list(1))
        row = batch.row_ids
        with self.assertRaises(AccessError):
            row.write({"vals": {"name": "Khác"}})
        with self.assertRaises(AccessError):
            batch.column_ids.write({"field_key": "population"})

    def test_answer_outside_the_choices_is_refused(self):
        content = workbook([["Ấp", "Xã"], ["Ấp Hai", "Phú Thử D"]])
        batch = self.check("hamlets", content, agency=self.committee, unit_id=False)
        with self.assertRaisesRegex(UserError, "none of the answers"):
            batch.question_ids.action_answer(str(self.commune_g.id))

    # Large lists ----------------------------------------------------------------------------

    def test_large_list_is_written_in_chunks_by_jobs(self):
        self.patch(ttcs_import_batch, "ROWS_AT_ONCE", 5)
        self.patch(ttcs_import_batch_work, "CHUNK", 4)
        batch = self.check("hamlets", hamlet_list(10))
        with trap_jobs() as trap:
            batch.action_apply()
            self.assertEqual((batch.state, batch.work), ("running", "write"))
            seen = []
            while trap.enqueued_jobs:
                trap.perform_enqueued_jobs()
                seen.append((batch.created_count, batch.progress))
        self.assertEqual(seen[:2], [(4, 40), (8, 80)])
        self.assertEqual((batch.state, batch.created_count), ("done", 10))

    def test_large_file_is_checked_by_a_job_that_tells_why_it_failed(self):
        self.patch(ttcs_import_batch, "BYTES_AT_ONCE", 10)
        batch = self.bring("hamlets", hamlet_list(3))
        batch.action_read()
        with trap_jobs() as trap:
            batch.action_check()
            self.assertEqual((batch.state, batch.work), ("running", "check"))
            with self.assertRaisesRegex(UserError, "being worked on"):
                batch.action_back()
            trap.perform_enqueued_jobs()
        self.assertEqual((batch.state, batch.new_count), ("checked", 3))
        batch.sheet_name = "không còn"
        with trap_jobs() as trap:
            batch.action_check()
            trap.perform_enqueued_jobs()
        self.assertEqual(batch.state, "failed")
        self.assertIn("no sheet", batch.failure)

    def test_check_asks_the_database_no_more_for_a_thousand_rows(self):
        def check(count):
            batch = self.bring("hamlets", hamlet_list(count, f"Khóm {count} Đếm"))
            batch.action_read()
            return self.count_queries(batch._check)

        check(10)
        few, many = check(10), check(1000)
        self.assertLessEqual(many, few + 6, "Odoo splits long inserts")

    # What is given back ---------------------------------------------------------------------

    def test_list_given_back_says_what_became_of_each_row_and_comes_in_again(self):
        rows = [
            ["Danh sách"],
            HEADINGS,
            [1, "=HYPERLINK(1)", 10, 40],
            [2, "Khóm Về", 10, 40],
            [None, "Cộng", 20, 80],
        ]
        batch = self.check("hamlets", workbook(rows))
        batch.action_apply()
        back = read_back(batch.action_export_result())
        self.assertEqual(back[0][:4], HEADINGS)
        self.assertEqual([row[1] for row in back[1:]], ["=HYPERLINK(1)", "Khóm Về", "Cộng"])
        self.assertEqual([row[-2] for row in back[1:]], ["New", "New", "No record"])
        content = base64.b64decode(batch.action_export_result()["params"]["content"])
        self.assert_no_formula(content)
        again = self.check("hamlets", content)
        self.assertEqual(
            [row.verdict for row in again.row_ids.sorted("number")], ["same", "same", "skipped"]
        )

    def assert_no_formula(self, content):
        page = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
        kinds = {cell.data_type for row in page.iter_rows() for cell in row}
        self.assertNotIn("f", kinds)

    def test_template_is_read_back_without_a_doubt(self):
        for kind in ("hamlets", "users"):
            batch = self.bring(kind, b"")
            action = batch.action_template()
            batch.write({"file": action["params"]["content"], "file_name": "mau.xlsx"})
            batch.action_read()
            specs = batch._import_kind().specs()
            columns = batch.column_ids.filtered(lambda column: column.index >= 0)
            self.assertEqual(
                columns.sorted("index").mapped("field_key"), [spec.key for spec in specs]
            )
            self.assertEqual(set(columns.mapped("sureness")), {"sure"})
