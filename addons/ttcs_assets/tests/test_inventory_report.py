import base64
import io

from openpyxl import load_workbook
from pypdf import PdfReader

from odoo.tests import tagged

from odoo.addons.ttcs_base.documents import format_integer

from .inventory_common import InventoryCase

SUMS = """
    SELECT count(*) FILTER (WHERE NOT is_extra), sum(original_cost), sum(residual_value),
        count(*) FILTER (WHERE state IN ('found', 'unexpected')),
        sum(CASE WHEN state = 'found' THEN original_cost
            WHEN state = 'unexpected' THEN counted_cost ELSE 0 END),
        count(*) FILTER (WHERE state = 'missing')
    FROM ttcs_inventory_line WHERE sheet_id = %s
"""


@tagged("post_install", "-at_install")
class TestInventoryReport(InventoryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.inventory = cls.open_inventory()
        cls.sheet = cls.inventory.sheet_ids.filtered(lambda s: s.agency_id == cls.committee_c)
        lines = cls.sheet.line_ids.with_user(cls.officer_c)
        lines.filtered(lambda line: line.equipment_id != cls.board).action_found()
        lines.filtered(lambda line: line.equipment_id == cls.board).action_missing()
        cls.env["ttcs.inventory.unexpected"].with_user(cls.manager).create(
            {"sheet_id": cls.sheet.id, "equipment_id": cls.cluster_g.id}
        ).action_confirm()
        cls.inventory.member_ids = [
            (0, 0, {"person_id": cls.make_person(name="Trần Thử Nghiệm").id, "role": "secretary"})
        ]

    def content(self, action):
        return base64.b64decode(action["params"]["content"])

    def pdf_text(self, action):
        reader = PdfReader(io.BytesIO(self.content(action)))
        return " ".join(" ".join(page.extract_text().split()) for page in reader.pages)

    def independent(self):
        self.env.flush_all()
        self.env.cr.execute(SUMS, [self.sheet.id])
        return [int(value) for value in self.env.cr.fetchone()]

    def test_screen_pdf_workbook_and_an_independent_statement_agree(self):
        self.inventory.with_user(self.manager).action_reconcile()
        quantity, cost, residual, counted, counted_cost, missing = self.independent()
        self.assertEqual((quantity, counted, missing), (6, 6, 1))
        sheet = self.sheet
        self.assertEqual(
            (sheet.book_quantity, sheet.book_cost, sheet.book_residual),
            (quantity, cost, residual),
        )
        self.assertEqual((sheet.counted_quantity, sheet.counted_cost), (counted, counted_cost))
        self.assertEqual(sheet.missing_count, missing)
        text = self.pdf_text(sheet.with_user(self.officer_c).action_form_pdf())
        for number in (cost, residual, counted_cost, counted_cost - cost):
            self.assertIn(format_integer(number), text)
        for words in ("C53-HD", "Trần Thử Nghiệm", "BT-01", "Thiếu", "12/QĐ-UBND", "30/06/2026"):
            self.assertIn(words, text)
        book = load_workbook(
            io.BytesIO(self.content(sheet.with_user(self.officer_c).action_form_xlsx())),
            data_only=True,
        )
        found = {
            value for row in book["Kiểm kê TSCĐ"].iter_rows(values_only=True) for value in row
        }
        self.assertLessEqual({120_000_001, "BT-01", "Thiếu"}, found)

    def test_the_minutes_are_a_document_to_edit_as_well(self):
        content = self.content(self.sheet.with_user(self.officer_c).action_form_docx())
        self.assertTrue(content.startswith(b"PK"))

    def test_the_report_of_the_round_adds_up_its_sheets(self):
        self.inventory.sheet_ids.with_user(self.manager).action_close_counting()
        text = self.pdf_text(self.inventory.with_user(self.manager).action_form_pdf())
        report = self.inventory._report()
        self.assertEqual(report.total("quantity"), 7)
        self.assertEqual(report.total("counted_quantity"), 6)
        self.assertEqual((report.total("elsewhere"), report.total("unexpected")), (1, 1))
        self.assertIn(format_integer(report.total("original_cost")), text)
        self.assertIn(self.commune_g.full_name, text)

    def test_reading_minutes_costs_no_query_per_line(self):
        small = self.inventory.sheet_ids - self.sheet
        few = self.count_queries(small._current_reports)
        many = self.count_queries(self.sheet._current_reports)
        self.assertLessEqual(many, few + 2)

    def test_the_signed_minutes_are_kept_with_their_hash(self):
        file = (
            self.env["ttcs.form.file"]
            .with_user(self.officer_c)
            .create(
                {
                    "res_model": "ttcs.inventory.sheet",
                    "res_id": self.sheet.id,
                    "name": "bien-ban.pdf",
                    "data": base64.b64encode(b"%PDF-1.7 signed"),
                }
            )
        )
        self.assertEqual(self.sheet.form_file_ids, file.with_env(self.env))
        self.assertEqual(file.unit_id, self.commune_c)
