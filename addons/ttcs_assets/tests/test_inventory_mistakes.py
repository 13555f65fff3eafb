"""What people get wrong in an inventory, and what the round then says."""

from datetime import datetime, timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .inventory_common import FREEZE, InventoryCase


@tagged("post_install", "-at_install")
class TestInventoryMistakes(InventoryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.inventory = cls.open_inventory()
        cls.sheet = cls.inventory.sheet_ids.filtered(lambda s: s.agency_id == cls.committee_c)
        cls.sheet_g = cls.inventory.sheet_ids.filtered(lambda s: s.agency_id == cls.committee_g)

    def mine(self, asset):
        return self.line_of(self.sheet, asset).with_user(self.officer_c)

    def found_by_code(self, sheet, code):
        return (
            self.env["ttcs.inventory.unexpected"]
            .with_user(self.officer_c)
            .create({"sheet_id": sheet.id, "code": code})
            .action_confirm()
        )

    # The round by hand ----------------------------------------------------------------------

    def test_state_and_day_of_a_round_are_not_written_by_hand(self):
        inventory = self.inventory.with_user(self.manager)
        for values in (
            {"state": "draft"},
            {"state": "closed"},
            {"opened_at": "1990-01-01 00:00:00"},
            {"freeze_date": FREEZE - timedelta(days=1)},
        ):
            with self.subTest(values=values), self.assert_refused(UserError):
                inventory.write(values)
        with self.assert_refused(UserError):
            self.make_inventory(state="closed")
        with self.assert_refused(UserError):
            inventory.unlink()
        self.assertEqual((self.inventory.state, self.inventory.freeze_date), ("open", FREEZE))

    def test_a_place_that_ended_before_is_named_as_such(self):
        ended = self.env["ttcs.unit"].create(
            {
                "name": "Xã Cũ",
                "kind_id": self.commune_c.kind_id.id,
                "parent_id": self.province.id,
                "code": "89999",
                "valid_from": "2025-07-01",
                "valid_to": "2026-05-31",
            }
        )
        inventory = self.make_inventory(unit_id=ended.id)
        with self.assert_refused(UserError) as refusal:
            inventory.action_open()
        self.assertIn("31/05/2026", str(refusal.exception))

    def test_a_sheet_does_not_end_before_the_day_of_the_round(self):
        with self.assert_refused(ValidationError):
            self.sheet.with_user(self.manager).due_date = FREEZE - timedelta(days=1)

    def test_a_committee_has_one_chairman_and_a_team_one_leader(self):
        members = self.env["ttcs.inventory.member"].with_user(self.manager)
        for values in (
            {"inventory_id": self.inventory.id, "role": "chairman"},
            {"sheet_id": self.sheet.id, "role": "team_leader"},
        ):
            members.create({**values, "person_id": self.make_person().id})
            with self.subTest(values=values), self.assert_refused(IntegrityError):
                members.create({**values, "person_id": self.make_person().id})

    def test_a_member_who_cannot_count_is_told_of_at_once(self):
        members = self.env["ttcs.inventory.member"].with_user(self.manager)

        def advice_of(person):
            values = {"sheet_id": self.sheet.id, "person_id": person.id, "role": "team_member"}
            return members.create(values).advice

        self.assertIn("no account", advice_of(self.make_person()))
        self.assertIn("do not include", advice_of(self.leader.ttcs_person_ids[:1]))
        self.assertFalse(advice_of(self.officer_c.ttcs_person_ids[:1]))

    def test_a_chairman_excuses_a_phone_whatever_his_duty(self):
        self.inventory.member_ids = [
            (0, 0, {"person_id": self.leader.ttcs_person_ids[:1].id, "role": "chairman"})
        ]
        device = self.env["ttcs.field.device"].create(
            {
                "user_id": self.officer_c.id,
                "name": "Điện thoại",
                "token_hash": "0" * 64,
                "signed_in_at": datetime.now(),
                "expires_at": datetime.now() + timedelta(days=9),
            }
        )
        self.env["ttcs.inventory.phone"]._carry(device.id, self.sheet.ids)
        phone = self.sheet.phone_ids
        notice = self.sheet.with_user(self.officer_c).action_close_counting()
        self.assertIn("not connected since then", notice["params"]["message"])
        self.env["ttcs.inventory.reason"].with_user(self.leader).create(
            {"phone_ids": [(6, 0, phone.ids)], "reason": "Máy hỏng"}
        ).action_confirm()
        self.assertFalse(phone.is_awaited)

    # Lines ----------------------------------------------------------------------------------

    def test_an_explanation_of_blanks_explains_nothing(self):
        line = self.mine(self.horn)
        line.action_missing()
        line.write({"explanation": "   ", "proposal": "answer"})
        self.assertTrue(line.is_unexplained)
        self.assertIn(line, line.search([("is_unexplained", "=", True)]))
        line.explanation = "  Bị mất trộm  "
        self.assertEqual(line.explanation, "Bị mất trộm")
        self.assertFalse(line.is_unexplained)
        self.assertNotIn(line, line.search([("is_unexplained", "=", True)]))

    def test_a_proposal_fits_what_was_found(self):
        missing, found, pending = map(self.mine, (self.horn, self.board, self.cluster))
        missing.action_missing()
        found.action_found()
        for line, proposal in (
            (missing, "enter"),
            (missing, "repair"),
            (found, "enter"),
            (pending, "dispose"),
        ):
            with self.subTest(line=line.state), self.assert_refused(UserError) as refusal:
                line.proposal = proposal
            self.assertIn(line.display_name, str(refusal.exception))
        found.proposal = "transfer"

    def test_a_proposal_that_the_outcome_has_overtaken_explains_nothing(self):
        line = self.mine(self.board)
        line.counted_condition = "broken"
        line.action_found()
        line.write({"explanation": "Sét đánh", "proposal": "repair"})
        self.assertFalse(line.is_unexplained)
        line.action_missing()
        self.assertTrue(line.is_unexplained)
        self.assertIn(line, line.search([("is_unexplained", "=", True)]))

    def test_what_was_not_seen_has_no_condition(self):
        line = self.mine(self.horn)
        line.action_missing()
        with self.assert_refused(UserError):
            line.counted_condition = "good"
        left = self.mine(self.board)
        left.counted_condition = "broken"
        self.sheet.with_user(self.officer_c).action_close_counting()
        self.assertEqual((left.state, left.counted_condition), ("missing", False))

    def test_a_remark_is_as_long_as_the_minutes_can_take(self):
        with self.assert_refused(ValidationError):
            self.mine(self.horn).note = "x" * 256
        self.mine(self.horn).note = "x" * 255

    def test_the_office_finds_an_asset_of_another_commune_by_its_code(self):
        asset = self.make_asset("cluster", self.committee_g, self.commune_g, code="CL-G7")
        inventory = self.open_inventory(name="Tìm theo mã", freeze_date=self.today)
        sheet = self.sheet_of(inventory, self.committee_c)
        self.found_by_code(sheet, "cl-g7")
        line = self.line_of(self.sheet_of(inventory, self.committee_g), asset)
        self.assertEqual((line.state, line.found_sheet_id), ("elsewhere", sheet))

    def test_a_code_that_several_agencies_use_asks_for_the_tag(self):
        for agency in (self.committee_g, self.department):
            self.make_asset("cluster", agency, self.commune_g, code="CHUNG")
        inventory = self.open_inventory(name="Trùng mã", freeze_date=self.today)
        sheet = self.sheet_of(inventory, self.committee_c)
        with self.assert_refused(UserError) as refusal:
            self.found_by_code(sheet, "chung")
        self.assertIn(self.committee_g.name, str(refusal.exception))

    def test_what_is_typed_for_a_code_is_no_pattern(self):
        self.make_asset("cluster", self.committee_g, self.commune_g, code="LOA11")
        inventory = self.open_inventory(name="Ký tự thay thế", freeze_date=self.today)
        for code in ("LOA_1", "%", "LOA%"):
            with self.subTest(code=code), self.assert_refused(UserError) as refusal:
                self.found_by_code(self.sheet_of(inventory, self.committee_c), code)
            self.assertIn("No asset", str(refusal.exception))

    def test_a_team_without_accounts_is_a_team_all_the_same(self):
        self.sheet.member_ids = [
            (0, 0, {"person_id": self.make_person().id, "role": "team_member"})
        ]
        with self.assert_refused(UserError):
            self.mine(self.board).action_found()
        self.line_of(self.sheet, self.board).with_user(self.manager).action_found()

    def test_a_code_of_the_own_sheet_comes_first(self):
        own, other = (
            self.make_asset("cluster", agency, commune, code="CHUNG")
            for agency, commune in (
                (self.committee_c, self.commune_c),
                (self.committee_g, self.commune_g),
            )
        )
        inventory = self.open_inventory(name="Trùng mã", freeze_date=self.today)
        sheet = self.sheet_of(inventory, self.committee_c)
        self.found_by_code(sheet, "CHUNG")
        states = {line.equipment_id: line.state for line in inventory.sheet_ids.line_ids}
        self.assertEqual((states[own], states[other]), ("found", "pending"))

    # Papers ---------------------------------------------------------------------------------

    def test_a_round_is_closed_with_its_conclusion(self):
        for sheet in self.inventory.sheet_ids:
            sheet.with_user(self.manager).action_close_counting()
        self.explain_all(self.inventory)
        inventory = self.inventory.with_user(self.manager)
        inventory.conclusion = "  "
        with self.assert_refused(UserError) as refusal:
            inventory.action_close()
        self.assertIn("conclusion", str(refusal.exception))
        inventory.conclusion = "Đề nghị làm rõ trách nhiệm."
        inventory.action_close()
        self.assertEqual(self.inventory.state, "closed")

    def test_what_is_not_counted_yet_is_not_reported_as_lost(self):
        self.sheet_g.line_ids.with_user(self.officer_g).action_found()
        self.sheet_g.with_user(self.officer_g).action_close_counting()
        report = self.inventory._report()
        self.assertEqual((report.total("quantity"), report.total("counted_quantity")), (1, 1))
        self.assertEqual(report.total("missing"), 0)
        self.assertEqual([row.pending for row in report.running_rows], [6])
        words = self.words_of(self.inventory._form_document())
        self.assertIn("ĐANG KIỂM ĐẾM: còn 1 phiếu chưa chốt, 6 tài sản chưa kiểm đếm", words)
        minutes = self.words_of(self.sheet._form_document())
        self.assertIn("ĐANG KIỂM ĐẾM: còn 6 tài sản chưa kiểm đếm", minutes)
        self.assertNotIn("ĐANG KIỂM ĐẾM", self.words_of(self.sheet_g._form_document()))

    def words_of(self, document):
        texts = (getattr(block, "text", "") for block in document.blocks)
        return "\n".join(filter(None, texts))

    def test_the_report_is_dated_where_its_agency_sits(self):
        inventory = self.open_inventory(name="Một xã", unit_id=self.commune_c.id)
        self.assertEqual(inventory._report().place, self.department.unit_id.name)

    def test_books_and_count_of_running_rounds_are_added_up_when_they_are_opened(self):
        self.mine(self.board).action_found()
        action = self.env["ttcs.inventory"].with_user(self.officer_c).action_compare_running()
        sheets = (
            self.env["ttcs.inventory.sheet"].with_user(self.officer_c).search(action["domain"])
        )
        self.assertIn(self.sheet, sheets.sudo())
        self.assertEqual((self.sheet.book_quantity, self.sheet.counted_quantity), (6, 1))
        self.assertTrue(self.sheet.reconciled_at)
