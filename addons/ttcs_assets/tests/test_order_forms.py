import base64
import doctest
import io

import docx
import pypdf

from odoo.tests import BaseCase, tagged

from ..maintenance import order_document
from .test_service_contract import ContractCase


@tagged("post_install", "-at_install")
class TestOrderDocumentExamples(BaseCase):
    def test_doctests(self):
        result = doctest.testmod(order_document)
        self.assertGreater(result.attempted, 0)
        self.assertEqual(result.failed, 0)


@tagged("post_install", "-at_install")
class TestOrderForms(ContractCase):
    def text(self, order, form, ending):
        order = order.with_user(self.technician).with_context(form=form)
        action = getattr(order, f"action_form_{ending}")()
        content = base64.b64decode(action["params"]["content"])
        self.assertTrue(action["params"]["name"].endswith(f".{ending}"))
        self.assertNotIn("/", action["params"]["name"])
        if ending == "pdf":
            pages = pypdf.PdfReader(io.BytesIO(content)).pages
            return " ".join(" ".join(page.extract_text() for page in pages).split())
        document = docx.Document(io.BytesIO(content))
        cells = [
            cell.text for table in document.tables for row in table.rows for cell in row.cells
        ]
        return "\n".join([*(line.text for line in document.paragraphs), *cells])

    def done(self):
        """A repair with parts, labour and a contract, closed."""
        self.cluster.write({"code": "CL/001", "condition": "broken", "serial_no": "SN-77"})
        order = self.report(priority="3", user_id=self.technician.id)
        self.use_part(order, name="Màng loa 30 W", uom="cái", quantity=2, unit_price=180_000,
                      serial_taken="A1", serial_fitted="B2")  # fmt: skip
        self.work(order, work="Thay màng loa")
        order.other_cost = 20_000
        order._close("repaired", "Thay màng loa rách.")
        return order

    def test_the_minutes_of_a_repair_tell_all_in_both_files(self):
        order = self.done()
        for ending in ("docx", "pdf"):
            text = self.text(order, "repair", ending)
            for told in (
                "Thay màng loa rách",
                "Màng loa 30 W",
                "360.000",
                "455.000",
                "Bốn trăm năm mươi lăm nghìn đồng",
                "A1 / B2",
                "CL/001",
                "SN-77",
                "Hỏng",
                "Hoạt động tốt",
                self.technician.name,
            ):
                with self.subTest(ending=ending, told=told):
                    self.assertIn(told, text)

    def test_the_minutes_of_the_acceptance_name_both_sides_and_the_deadline(self):
        order = self.done()
        for ending in ("docx", "pdf"):
            text = self.text(order, "acceptance", ending)
            for told in (
                "01/2026/HĐ",
                "Công ty Sửa chữa",
                "20 giờ 00 ngày 06/03/2026",
                "chậm thời hạn",
                "455.000",
                "ĐẠI DIỆN BÊN B",
            ):
                with self.subTest(ending=ending, told=told):
                    self.assertIn(told, text)

    def test_an_order_of_today_leaves_room(self):
        text = self.text(self.order, "repair", "docx")
        self.assertIn("Không phát sinh chi phí", text)
        self.assertIn("Công việc đã thực hiện", text)

    def test_how_the_asset_was_is_kept_when_the_order_is_closed(self):
        order = self.done()
        self.assertEqual(order.condition_before, "broken")
        self.assertEqual(self.cluster.condition, "good")
