from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .inventory_common import FREEZE, InventoryCase


@tagged("post_install", "-at_install")
class TestInventory(InventoryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.inventory = cls.open_inventory()
        cls.sheet = cls.inventory.sheet_ids.filtered(lambda s: s.agency_id == cls.committee_c)
        cls.sheet_g = cls.inventory.sheet_ids.filtered(lambda s: s.agency_id == cls.committee_g)

    def mine(self, asset, user=None):
        return self.line_of(self.sheet, asset).with_user(user or self.officer_c)

    def unexpected(self, sheet, user, **values):
        return (
            self.env["ttcs.inventory.unexpected"]
            .with_user(user)
            .create({"sheet_id": sheet.id, **values})
            .action_confirm()
        )

    # Opening --------------------------------------------------------------------------------

    def test_a_round_expects_what_stood_in_the_area_on_its_day(self):
        self.assertEqual(self.sheet.line_ids.equipment_id, self.assets_c)
        self.assertEqual(self.sheet_g.line_ids.equipment_id, self.cluster_g)
        self.assertEqual(self.inventory.sheet_ids, self.sheet | self.sheet_g)
        self.assertEqual(self.sheet.line_count, 6)
        line = self.line_of(self.sheet, self.board)
        self.assertEqual((line.code, line.name, line.quantity), ("BT-01", self.board.name, 1))
        self.assertIn(self.commune_c.full_name, line.place)

    def test_the_statement_and_the_register_agree_on_every_dong(self):
        for kind, since, cost in (
            ("station", "2015-02-28", 999_999_999),
            ("board", "2019-12-31", 10_000_000),
            ("board_plain", "2020-01-01", 9_999_999),
            ("cluster", "2026-06-30", 33_333_333),
            ("cluster", "2000-01-01", 12_345_679),
        ):
            self.make_asset(
                kind, self.committee_c, self.commune_c, in_use_date=since, original_cost=cost
            )
        self.stood_there_before()
        for day in (date(2026, 6, 30), date(2025, 12, 31), date(2025, 12, 30)):
            with self.subTest(day=day):
                inventory = self.open_inventory(name=f"Đối chiếu {day}", freeze_date=day)
                assets = inventory.sheet_ids.line_ids.equipment_id.with_context(ttcs_as_of=day)
                self.assertGreater(len(assets), 10)
                figures = ("original_cost", "accumulated_depreciation", "residual_value")
                for line in inventory.sheet_ids.line_ids:
                    asset = assets.browse(line.equipment_id.id)
                    for name in figures:
                        self.assertEqual(line[name], asset[name], (asset.name, name))

    def test_it_opens_on_its_day_and_not_before(self):
        later = self.make_inventory(
            freeze_date=self.tomorrow, due_date=self.today + timedelta(days=30)
        )
        with self.assert_refused(UserError) as refusal:
            later.action_open()
        self.assertIn(f"{self.tomorrow:%d/%m/%Y}", str(refusal.exception))
        with self.assert_refused(UserError):
            self.inventory.with_user(self.manager).action_open()
        with self.assert_refused(ValidationError):
            self.make_inventory(due_date=FREEZE - timedelta(days=1))

    def test_kinds_and_families_narrow_the_scope(self):
        boards = self.open_inventory(name="Bảng tin", family="board")
        self.assertEqual(boards.sheet_ids.line_ids.equipment_id, self.board)
        stations = self.open_inventory(name="Đài", category_ids=[(6, 0, self.kind("station").ids)])
        self.assertEqual(stations.sheet_ids.line_ids.equipment_id, self.station)
        with self.assert_refused(UserError):
            self.make_inventory(family="component", unit_id=self.commune_g.id).action_open()

    def test_opening_costs_no_query_per_asset(self):
        commune = self.make_unit("Đông Thử", "commune", self.province, valid_from="2025-07-01")
        agency = self.make_agency(commune)

        def open_with(count):
            made = self.env["maintenance.equipment"].create(
                [
                    {
                        "name": f"Cụm {number}",
                        "category_id": self.kind("cluster").id,
                        "agency_id": agency.id,
                        "unit_id": commune.id,
                        "in_use_date": "2025-08-01",
                        "original_cost": 1_000_000 * number,
                    }
                    for number in range(count)
                ]
            )
            return made

        queries = []
        for count in (10, 200):
            open_with(count)
            self.env.flush_all()
            inventory = self.make_inventory(name=f"Cỡ {count}", unit_id=commune.id)
            queries.append(self.count_queries(inventory.action_open))
        self.assertLessEqual(queries[1], queries[0] + 2)

    def test_what_a_round_was_opened_for_stays(self):
        for values in ({"freeze_date": "2026-01-01"}, {"unit_id": self.commune_c.id}):
            with self.assert_refused(UserError):
                self.inventory.with_user(self.manager).write(values)
        with self.assert_refused(UserError):
            self.inventory.with_user(self.manager).unlink()

    # Counting -------------------------------------------------------------------------------

    def test_a_team_ticks_found_missing_and_takes_a_tick_back(self):
        self.mine(self.board).counted_condition = "broken"
        (self.mine(self.board) | self.mine(self.cluster)).action_found()
        self.mine(self.horn).action_missing()
        line = self.line_of(self.sheet, self.board)
        self.assertEqual((line.state, line.counted_condition), ("found", "broken"))
        self.assertTrue(line.is_difference)
        self.assertEqual(line.counted_cost, 120_000_001)
        self.assertEqual(line.counted_by, self.officer_c)
        self.assertFalse(self.line_of(self.sheet, self.cluster).is_difference)
        self.assertEqual(self.line_of(self.sheet, self.horn).state, "missing")
        self.assertEqual((self.sheet.found_count, self.sheet.pending_count), (2, 3))
        self.mine(self.board).action_clear()
        self.assertEqual(line.state, "pending")
        self.assertFalse(line.is_difference)
        findings = self.sheet.count_ids.filtered(lambda c: c.equipment_id == self.board)
        self.assertEqual(set(findings.mapped("finding")), {"present", "withdrawn"})

    def test_ticking_many_costs_no_query_per_line(self):
        lines = self.sheet.line_ids.with_user(self.officer_c)
        few = self.count_queries(lines[:2].action_found)
        many = self.count_queries(lines[2:].action_found)
        self.assertLessEqual(many, few)
        self.assertEqual(self.sheet.pending_count, 0)

    def test_an_asset_of_another_commune_is_found_elsewhere_and_not_missing(self):
        tag = self.env["ttcs.tag"]._issue([{"agency_id": self.committee_g.id}])
        tag._assign(self.cluster_g)
        self.unexpected(self.sheet, self.officer_c, code=tag.spoken_code)
        own = self.sheet_g.line_ids
        self.assertEqual((own.state, own.found_sheet_id), ("elsewhere", self.sheet))
        self.assertIn(self.commune_c.full_name, own.found_by)
        extra = self.sheet.line_ids.filtered("is_extra")
        self.assertEqual((extra.state, extra.origin_line_id), ("unexpected", own))
        self.assertEqual((extra.quantity, extra.counted_quantity), (0, 1))
        self.assertEqual(extra.counted_cost, 50_000_000)
        self.sheet_g.with_user(self.officer_g).action_close_counting()
        self.assertEqual(own.state, "elsewhere")
        # Withdrawn, it is as if it had never been seen there.
        extra.with_user(self.officer_c).action_clear()
        self.assertEqual(own.state, "missing")
        self.assertFalse(self.sheet.line_ids.filtered("is_extra"))

    def test_an_unknown_object_becomes_a_line_of_its_own(self):
        for _turn in range(2):
            self.unexpected(self.sheet, self.officer_c, name="Bộ đàm lạ", condition="degraded")
        extra = self.sheet.line_ids.filtered("is_extra")
        self.assertEqual(extra.mapped("name"), ["Bộ đàm lạ"] * 2)
        self.assertEqual(set(extra.mapped("state")), {"unexpected"})
        with self.assert_refused(UserError):
            self.unexpected(self.sheet, self.officer_c, name="  ")
        with self.assert_refused(UserError):
            self.unexpected(self.sheet, self.officer_c, name="x", code="0123456789ZK5GAR25")
        with self.assert_refused(AccessError):
            self.unexpected(self.sheet, self.officer_c, equipment_id=self.cluster_g.id)

    def test_only_the_team_counts_and_only_its_reach(self):
        with self.assert_refused(AccessError):
            self.line_of(self.sheet, self.board).with_user(self.officer_g).action_found()
        with self.assert_refused(AccessError):
            self.mine(self.board, self.leader).action_found()
        other = self.make_user(self.committee_c, "assets")
        self.sheet.member_ids = [
            (0, 0, {"person_id": other.ttcs_person_ids.id, "role": "team_leader"})
        ]
        with self.assert_refused(UserError) as refusal:
            self.mine(self.board).action_found()
        self.assertIn(other.name, str(refusal.exception))
        self.mine(self.board, other).action_found()
        self.assertEqual(self.line_of(self.sheet, self.board).state, "found")

    def test_book_values_and_states_are_not_typed(self):
        for values in ({"state": "found"}, {"original_cost": 1}, {"counted_quantity": 0}):
            with self.assert_refused(AccessError):
                self.mine(self.board).write(values)
        for values in ({"state": "closed"}, {"due_date": "2026-12-31"}, {"version": 2}):
            with self.assert_refused(AccessError):
                self.sheet.with_user(self.officer_c).write(values)

    # Closing a sheet ------------------------------------------------------------------------

    def test_closing_makes_the_rest_missing_and_numbers_the_minutes(self):
        self.mine(self.board).action_found()
        self.sheet.with_user(self.officer_c).action_close_counting()
        self.assertEqual(self.sheet.state, "closed")
        self.assertEqual((self.sheet.found_count, self.sheet.missing_count), (1, 5))
        self.assertEqual(self.sheet.number_id.series_id.kind, "inventory_sheet")
        with self.assert_refused(UserError):
            self.mine(self.horn).action_found()
        with self.assert_refused(UserError):
            self.unexpected(self.sheet, self.officer_c, name="Muộn")
        line = self.mine(self.horn)
        line.write({"explanation": "Bị mất", "proposal": "answer"})
        self.assertFalse(line.is_unexplained)

    def test_reopening_looks_again_for_what_only_the_closing_missed(self):
        self.mine(self.horn).action_missing()
        self.mine(self.board).action_found()
        self.sheet.with_user(self.officer_c).action_close_counting()
        wizard = self.env["ttcs.inventory.reason"]
        values = {"sheet_ids": [(6, 0, self.sheet.ids)], "reason": "Tìm thêm"}
        with self.assert_refused(AccessError):
            wizard.with_user(self.officer_c).create(values).action_confirm()
        with self.assert_refused(UserError):
            wizard.with_user(self.manager).create({**values, "reason": " "}).action_confirm()
        wizard.with_user(self.manager).create(values).action_confirm()
        self.assertEqual((self.sheet.state, self.sheet.version), ("counting", 2))
        states = {line.equipment_id: line.state for line in self.sheet.line_ids}
        self.assertEqual(states[self.board], "found")
        self.assertEqual(states[self.horn], "missing")
        self.assertEqual(states[self.cluster], "pending")
        number = self.sheet.number_id
        self.sheet.with_user(self.officer_c).action_close_counting()
        self.assertEqual(self.sheet.number_id, number)

    def test_conditions_go_into_the_register_unless_it_has_newer_ones(self):
        self.board.condition_date = "2020-01-01"
        self.cluster.write({"condition": "degraded", "condition_date": self.tomorrow})
        for asset in (self.board, self.cluster):
            self.mine(asset).counted_condition = "broken"
            self.mine(asset).action_found()
        self.sheet.with_user(self.officer_c).action_apply()
        self.assertEqual((self.board.condition, self.board.condition_date), ("broken", self.today))
        self.assertEqual(self.cluster.condition, "degraded")
        self.mine(self.horn).action_missing()
        self.sheet.with_user(self.officer_c).action_apply()
        self.assertEqual(self.horn.life_state, "in_use")

    # Looking --------------------------------------------------------------------------------

    def test_progress_late_teams_and_work_of_today(self):
        self.mine(self.board).action_found()
        self.assertAlmostEqual(self.sheet.progress, 100 / 6, 2)
        self.assertAlmostEqual(self.inventory.progress, 100 / 7, 2)
        today = self.env["ttcs.today"].with_user(self.officer_c)
        [item] = [item for item in today.get_page()["items"] if "nventory" in item["title"]]
        self.assertEqual((item["count"], item["urgency"]), (1, "due"))
        self.inventory.due_date = self.yesterday
        self.assertTrue(self.sheet.is_late)
        self.assertEqual(self.inventory.late_count, 2)
        found = self.env["ttcs.inventory.sheet"].search([("is_late", "=", True)])
        self.assertLessEqual(self.sheet, found)
        [item] = [item for item in today.get_page()["items"] if "nventory" in item["title"]]
        self.assertEqual(item["urgency"], "late")

    def test_a_commune_reads_its_own_sheets_and_the_round(self):
        sheets = self.inventory.sheet_ids
        self.assertEqual(self.seen_by(self.officer_c, sheets), self.sheet)
        self.assertEqual(self.seen_by(self.officer_g, sheets), self.sheet_g)
        self.assertEqual(self.seen_by(self.leader, sheets), sheets)
        self.assertEqual(self.seen_by(self.officer_c, self.inventory), self.inventory)
        self.assertEqual(self.seen_by(self.officer_c, sheets.line_ids), self.sheet.line_ids)
        self.assertEqual(self.inventory.with_user(self.officer_c).sheet_count, 1)
        with self.assert_refused(AccessError):
            self.inventory.with_user(self.officer_c).action_close()
        with self.assert_refused(AccessError):
            self.inventory.with_user(self.officer_c).action_form_pdf()

    def test_differences_need_an_explanation_before_the_round_is_closed(self):
        (self.sheet | self.sheet_g).with_user(self.manager).action_close_counting()
        with self.assert_refused(UserError) as refusal:
            self.inventory.with_user(self.manager).action_close()
        self.assertIn("7", str(refusal.exception))

    def test_a_round_is_closed_only_when_every_sheet_is(self):
        with self.assert_refused(UserError):
            self.inventory.with_user(self.manager).action_close()
