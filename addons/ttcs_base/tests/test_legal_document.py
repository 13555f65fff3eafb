from datetime import date, timedelta

from freezegun import freeze_time
from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TtcsCase


@tagged("post_install", "-at_install")
class TestLegalDocument(TtcsCase):
    """Rates, deadlines and forms point to documents that hold for a time."""

    def make_document(self, number, **values):
        values = {"subject": "Quy định thử", "issuer": "Cơ quan thử", **values}
        return self.env["ttcs.legal.document"].create({"number": number, **values})

    def test_status_and_its_search_agree_on_every_boundary(self):
        cases = {
            (False, False): "in_force",
            (self.yesterday, False): "in_force",
            (self.today, False): "in_force",
            (self.tomorrow, False): "coming",
            (False, self.yesterday): "expired",
            (False, self.today): "in_force",
            (False, self.tomorrow): "in_force",
            (self.today, self.today): "in_force",
            (self.tomorrow, self.tomorrow): "coming",
            (self.yesterday, self.yesterday): "expired",
        }
        documents = {
            period: self.make_document(f"{number}/QĐ", valid_from=period[0], valid_to=period[1])
            for number, period in enumerate(cases)
        }
        made = self.env["ttcs.legal.document"].union(*documents.values())
        for period, status in cases.items():
            self.assertEqual(documents[period].status, status, period)
        of_status = made.grouped("status")
        among_made = [("id", "in", made.ids)]
        for status, expected in of_status.items():
            found = made.search([*among_made, ("status", "=", status)])
            self.assertEqual(found, expected.sorted(), status)
            others = made.search([*among_made, ("status", "!=", status)])
            self.assertEqual(others, (made - expected).sorted(), status)
        either = made.search([*among_made, ("status", "in", ["coming", "expired"])])
        self.assertEqual(either, (made - of_status["in_force"]).sorted())

    def test_decree_of_2024_replaced_the_decision_of_2016_overnight(self):
        decision = self.env.ref("ttcs_base.ttcs_legal_document_qd_52_2016")
        decree = self.env.ref("ttcs_base.ttcs_legal_document_nd_49_2024")
        self.assertEqual(decree.replaces_ids, decision)
        self.assertEqual(decision.replaced_by_ids, decree)
        # 17:00 in UTC is midnight in Vietnam.
        for moment, statuses in (
            ("2024-06-30 16:59:59", ["in_force", "coming"]),
            ("2024-06-30 17:00:00", ["expired", "in_force"]),
        ):
            with freeze_time(moment):
                self.env.invalidate_all()
                self.assertEqual([decision.status, decree.status], statuses, moment)
                found = decree.search([("status", "=", "in_force")]) & (decision | decree)
                self.assertEqual(found, decision if statuses[0] == "in_force" else decree)

    def test_found_by_number_and_by_subject_without_accents(self):
        made = self.make_document("7/2026/QĐ-UBND", subject="Định mức đường truyền")
        documents = self.env["ttcs.legal.document"]
        for typed in ("7/2026", "duong truyen"):
            self.assertIn((made.id, "7/2026/QĐ-UBND"), documents.name_search(typed), typed)

    @mute_logger("odoo.sql_db")
    def test_one_number_of_one_issuer_is_recorded_once(self):
        self.make_document("1/QĐ")
        with self.assert_refused(UniqueViolation):
            self.make_document("1/QĐ")
        self.make_document("1/QĐ", issuer="Cơ quan khác")

    @mute_logger("odoo.sql_db")
    def test_document_does_not_expire_before_it_holds(self):
        first = date(2026, 1, 1)
        with self.assert_refused(CheckViolation):
            self.make_document("2/QĐ", valid_from=first, valid_to=first - timedelta(days=1))

    def test_file_added_before_the_first_saving_opens_for_everybody(self):
        administrator = self.make_user(self.committee, "administrator")
        reader = self.make_user(self.committee_g)
        files = self.env["ir.attachment"].with_user(administrator)
        file = files.create({"name": "qd.pdf", "raw": b"%PDF", "res_model": "ttcs.legal.document"})
        documents = self.env["ttcs.legal.document"].with_user(administrator)
        made = documents.create(
            {"number": "3/QĐ", "subject": "Có tệp", "issuer": "UBND", "attachment_ids": file.ids}
        )
        late = files.create({"name": "pl.pdf", "raw": b"%PDF 2"})
        made.attachment_ids |= late
        self.env.invalidate_all()
        self.assertEqual(file.with_user(reader).read(["raw"])[0]["raw"], b"%PDF")
        self.assertEqual(late.with_user(reader).read(["raw"])[0]["raw"], b"%PDF 2")
