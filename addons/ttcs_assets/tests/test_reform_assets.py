"""Assets, tags and work orders in a reform, and the question where they stood on a day."""

import base64
import doctest
from datetime import timedelta
from io import BytesIO

import openpyxl
from pypdf import PdfReader

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.ttcs_base.tests.common import LAST_DAY_BEFORE_REFORM, REFORM

from .. import asset_codes
from .common import AssetsCase


@tagged("post_install", "-at_install")
class TestReformAssets(AssetsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.prepare_reform()

    @classmethod
    def prepare_reform(cls):
        """A reform of the whole province, to be run by its administrator."""
        cls.admin = cls.make_user(cls.committee, "administrator")
        cls.hamlet_c.name = "Mới"
        cls.reform = (
            cls.env["ttcs.reform"]
            .with_user(cls.admin)
            .create({"name": "Reform", "date": REFORM, "scope_unit_ids": cls.province.ids})
        )
        cls.placements = cls.env["ttcs.placement"]

    @classmethod
    def make_old_asset(cls, kind, agency, unit, **values):
        """An asset that stood in its place before the reform."""
        values = {"in_use_date": "2022-03-01", **values}
        return cls.make_asset(kind, agency, unit, **values)

    def run_reform(self):
        self.reform.action_check()
        self.reform.action_run()

    def question(self, record):
        return self.env["ttcs.reform.question"].search(
            [("reform_id", "=", self.reform.id), ("res_id", "=", record.id)]
            + [("model", "=", record._name)]
        )

    def place_on(self, asset, day, map_day=None):
        """Place, agency and place on the map of an asset on a day; None when unknown then."""
        query = self.placements._as_of(asset._name, day, map_day)
        self.env.cr.execute(query)
        rows = {row[0]: row[1:] for row in self.env.cr.fetchall()}
        if asset.id not in rows:
            return None
        unit, agency, on_map = rows[asset.id]
        units = self.env["ttcs.unit"]
        return units.browse(unit), self.env["ttcs.agency"].browse(agency), units.browse(on_map)

    def test_two_communes_with_the_same_codes_become_one(self):
        first = self.make_old_asset("cluster", self.committee_a, self.hamlet_a, code="CL-01")
        second = self.make_old_asset("cluster", self.committee_b, self.commune_b, code="CL-01")
        other = self.make_old_asset("cluster", self.committee_b, self.commune_b, code="CL-02")
        self.run_reform()
        self.assertEqual(set((first | second | other).agency_id), {self.committee_c})
        self.assertEqual(
            sorted((first | second | other).mapped("code")), ["CL-01", "CL-01.2", "CL-02"]
        )
        renamed = (first | second).filtered(lambda asset: asset.code == "CL-01.2")
        self.assertIn("CL-01", renamed.message_ids[0].body)

    def test_doctests_of_the_codes(self):
        self.assertEqual(doctest.testmod(asset_codes).failed, 0)

    # Merge ----------------------------------------------------------------------------------

    def test_assets_of_merged_communes_change_place_and_owner_on_the_day(self):
        at_hamlet = self.make_old_asset("cluster", self.committee_a, self.hamlet_a)
        at_commune = self.make_old_asset("station", self.committee_b, self.commune_b)
        of_department = self.make_old_asset("board", self.department, self.commune_a)
        self.run_reform()
        self.assertEqual(at_hamlet.unit_id, self.hamlet_a.successor_ids.successor_id)
        self.assertEqual(at_hamlet.commune_id, self.commune_c)
        self.assertEqual(at_hamlet.agency_id, self.committee_c)
        self.assertEqual(at_commune.unit_id, self.commune_c)
        self.assertEqual(of_department.unit_id, self.commune_c)
        self.assertEqual(of_department.agency_id, self.department)
        history = at_hamlet.placement_ids.sorted("valid_from")
        self.assertEqual(
            history.mapped(lambda row: (row.unit_id, row.agency_id, row.valid_to)),
            [
                (self.hamlet_a, self.committee_a, LAST_DAY_BEFORE_REFORM),
                (at_hamlet.unit_id, self.committee_c, False),
            ],
        )
        self.assertEqual(history[1].valid_from, REFORM)

    def test_assets_elsewhere_and_disposed_ones_stay(self):
        disposed = self.make_old_asset(
            "cluster", self.committee_a, self.commune_a, life_state="disposed"
        )
        archived = self.make_old_asset("cluster", self.committee_a, self.commune_a, active=False)
        self.run_reform()
        self.assertEqual(disposed.unit_id, self.commune_a)
        self.assertEqual(disposed.agency_id, self.committee_a)
        self.assertEqual(archived.unit_id, self.commune_c)
        self.assertEqual(self.cluster_g.unit_id, self.hamlet_g)
        self.assertEqual(len(self.cluster_g.placement_ids), 1)

    def test_open_orders_and_tags_follow_closed_orders_stay(self):
        asset = self.make_old_asset("cluster", self.committee_a, self.commune_a)
        tag = self.env["ttcs.tag"]._issue_for(asset)
        blank = self.env["ttcs.tag"]._issue([{"agency_id": self.committee_b.id}])
        orders = self.env["maintenance.request"].create(
            [{"name": name, "equipment_id": asset.id} for name in ("Hở dây", "Mất tiếng")]
        )
        opened, closed = orders
        closed._close("repaired", "Thay dây.")
        self.run_reform()
        self.assertEqual((opened.unit_id, opened.commune_id), (self.commune_c, self.commune_c))
        self.assertEqual(opened.agency_id, self.committee_c)
        self.assertEqual((closed.unit_id, closed.commune_id), (self.commune_a, self.commune_a))
        self.assertEqual(closed.agency_id, self.committee_a)
        self.assertEqual((tag.unit_id, tag.agency_id), (self.commune_c, self.committee_c))
        self.assertEqual(blank.agency_id, self.committee_c)

    def test_every_stored_field_that_follows_the_place_is_handed_over(self):
        """A new stored field on the place of an asset must be added to the hand-over."""
        handled = {
            ("maintenance.equipment", "commune_id"),
            ("ttcs.tag", "unit_id"),
        }
        assets = self.env["maintenance.equipment"]
        dependent = set()
        for name in ("unit_id", "agency_id", "commune_id"):
            dependent |= {
                (field.model_name, field.name)
                for field in self.env.registry.get_dependent_fields(assets._fields[name])
                if field.store
            }
        self.assertEqual(dependent, handled)

    # Split ----------------------------------------------------------------------------------

    def test_assets_of_a_split_commune_are_asked_about_and_handed_over_by_the_answer(self):
        self.hamlet_f.write({"latitude": 10.5, "longitude": 105.5})
        self.hamlet_e.write({"latitude": 11.5, "longitude": 105.5})
        asset = self.make_old_asset(
            "cluster", self.committee_d, self.commune_d, latitude=10.51, longitude=105.5
        )
        part = self.make_old_asset(
            "receiver", self.committee_d, self.commune_d, parent_asset_id=asset.id
        )
        order = self.env["maintenance.request"].create({"name": "Hở dây", "equipment_id": part.id})
        self.run_reform()
        self.assertEqual(asset.unit_id, self.commune_d)
        question = self.question(asset)
        self.assertFalse(self.question(part), "A part goes with what it is built into.")
        self.assertEqual(question.suggested_unit_id, self.commune_f)
        manager = self.make_user(self.committee_f, "assets_manager")
        question.with_user(manager).action_accept_suggestion()
        for record in (asset, part, order):
            self.assertEqual(record.unit_id, self.commune_f)
            self.assertEqual(record.agency_id, self.committee_f)
        self.assertEqual(max(asset.placement_ids.mapped("valid_from")), REFORM)
        self.assertEqual(question.decided_by_id, manager)
        with self.assert_refused(UserError):
            question.with_user(manager).decision_unit_id = self.commune_e

    def test_answers_in_bulk_move_all_at_once(self):
        assets = self.env["maintenance.equipment"].union(
            *(
                self.make_old_asset("cluster", self.committee_d, self.commune_d)
                for _number in range(3)
            )
        )
        self.run_reform()
        questions = self.env["ttcs.reform.question"].search([("res_id", "in", assets.ids)])
        questions.with_user(self.admin).write({"decision_unit_id": self.hamlet_e.id})
        self.assertEqual(assets.unit_id, self.hamlet_e)
        self.assertEqual(assets.agency_id, self.committee_e)

    def test_assets_of_a_hamlet_wait_for_the_answer_about_the_hamlet(self):
        asset = self.make_old_asset("cluster", self.committee_d, self.hamlet_d)
        self.run_reform()
        self.assertEqual(asset.unit_id, self.hamlet_d)
        self.assertFalse(self.question(asset))
        self.question(self.hamlet_d).with_user(self.admin).decision_unit_id = self.commune_e
        self.assertEqual(asset.commune_id, self.commune_e)
        self.assertEqual(asset.unit_id, self.hamlet_d.successor_ids.successor_id)
        self.assertEqual(asset.agency_id, self.committee_e)

    def test_a_hamlet_with_one_successor_needs_no_question(self):
        self.make_lineage(self.hamlet_d, self.hamlet_f, kind="transfer", date=REFORM)
        asset = self.make_old_asset("cluster", self.committee_d, self.hamlet_d)
        self.run_reform()
        self.assertEqual(asset.unit_id, self.hamlet_f)
        self.assertEqual(asset.agency_id, self.committee_f)

    def test_what_a_district_owned_is_asked_about_with_the_new_committee_suggested(self):
        district_office = self.make_agency(self.district)
        asset = self.make_old_asset("station", district_office, self.commune_a)
        self.run_reform()
        self.assertEqual(asset.agency_id, district_office)
        question = self.question(asset).with_user(self.admin)
        question.decision_agency_id = self.department
        self.assertEqual(asset.agency_id, district_office, "The place is not decided yet.")
        question.action_accept_suggestion()
        self.assertEqual(asset.unit_id, self.commune_c)
        self.assertEqual(asset.agency_id, self.department)

    def test_managers_answer_for_their_reach_only(self):
        asset = self.make_old_asset("cluster", self.committee_d, self.commune_d)
        self.run_reform()
        question = self.question(asset)
        self.assertTrue(question)
        stranger = self.make_user(self.committee_g, "assets_manager")
        keeper = self.make_user(self.committee_e, "assets")
        self.assertFalse(self.seen_by(stranger, question))
        for user in (stranger, keeper):
            with self.assert_refused(AccessError):
                question.with_user(user).write({"decision_unit_id": self.commune_e.id})
            with self.assert_refused(AccessError):
                self.reform.with_user(user).action_run()
        self.assertEqual(asset.unit_id, self.commune_d)

    # Again ----------------------------------------------------------------------------------

    def test_a_second_run_moves_nothing_and_later_lineage_only_what_is_new(self):
        merged = self.make_old_asset("cluster", self.committee_a, self.commune_a)
        split = self.make_old_asset("cluster", self.committee_d, self.hamlet_d)
        self.run_reform()
        history = merged.placement_ids.ids
        self.reform.action_run()
        self.assertEqual(merged.placement_ids.ids, history)
        self.assertEqual(self.reform.move_count, 1)
        self.make_lineage(self.hamlet_d, self.hamlet_e, kind="transfer", date=REFORM)
        self.reform.action_run()
        self.assertEqual(merged.placement_ids.ids, history)
        self.assertEqual(split.unit_id, self.hamlet_e)
        self.assertEqual(self.reform.move_count, 2)

    def test_a_job_hands_over_what_is_much(self):
        asset = self.make_old_asset("cluster", self.committee_a, self.commune_a)
        self.reform.action_check()
        self.reform.line_ids.filtered(lambda line: line.kind == "records").moved_count = 6000
        self.reform.action_run()
        self.assertEqual(self.reform.state, "running")
        self.assertEqual(asset.unit_id, self.commune_a)
        self.reform._work()
        self.assertEqual((self.reform.state, asset.unit_id), ("done", self.commune_c))

    def test_queries_do_not_grow_with_the_assets(self):
        def hand_over(count):
            self.env["maintenance.equipment"].create(
                [
                    {
                        "name": f"Cụm {number}",
                        "category_id": self.kind("cluster").id,
                        "agency_id": self.committee_a.id,
                        "unit_id": self.commune_a.id,
                        "in_use_date": "2022-03-01",
                    }
                    for number in range(count)
                ]
            )
            return self.count_queries(lambda: self.reform._run())

        self.reform.action_check()
        hand_over(1)
        few, many = hand_over(10), hand_over(300)
        self.assertEqual(few, many)

    # As of ----------------------------------------------------------------------------------

    def test_as_of_answers_on_both_maps(self):
        asset = self.make_old_asset("cluster", self.committee_a, self.hamlet_a)
        fresh = self.make_asset("cluster", self.committee_c, self.hamlet_c, in_use_date=REFORM)
        waiting = self.make_old_asset("cluster", self.committee_d, self.commune_d)
        self.run_reform()
        old, new = LAST_DAY_BEFORE_REFORM, REFORM
        follower = self.hamlet_a.successor_ids.successor_id
        self.assertEqual(
            self.place_on(asset, old), (self.hamlet_a, self.committee_a, self.hamlet_a)
        )
        self.assertEqual(self.place_on(asset, new), (follower, self.committee_c, follower))
        self.assertEqual(self.place_on(asset, old, new)[2], follower)
        self.assertEqual(self.place_on(asset, new, old)[2], self.hamlet_a)
        self.assertIsNone(self.place_on(fresh, old))
        self.assertFalse(self.place_on(fresh, new, old)[2], "Of A or of B: nobody knows.")
        self.assertFalse(self.place_on(waiting, old, new)[2], "Not decided yet.")

    def test_the_list_of_a_day_groups_by_the_communes_of_the_map(self):
        self.make_old_asset("cluster", self.committee_a, self.hamlet_a, original_cost=5_000_000)
        self.make_old_asset("cluster", self.committee_b, self.commune_b, original_cost=7_000_000)
        self.run_reform()
        manager = self.make_user(self.committee_c, "assets_manager")
        expected = {
            None: {self.commune_a: 5_000_000, self.commune_b: 7_000_000},
            REFORM: {self.commune_c: 12_000_000},
        }
        for map_date, sums in expected.items():
            wizard = self.env["ttcs.as.of"].with_user(manager)
            wizard = wizard.create({"date": LAST_DAY_BEFORE_REFORM, "map_date": map_date})
            action = wizard.action_show()
            lines = self.env[action["res_model"]].with_user(manager)
            groups = lines._read_group(action["domain"], ["commune_id"], ["original_cost:sum"])
            self.assertEqual({unit.with_env(self.env): cost for unit, cost in groups}, sums)
            other = self.make_user(self.committee_c, "assets_manager")
            self.assertFalse(lines.with_user(other).search(action["domain"]))
            self.assertFalse(wizard.with_user(other).search([("id", "=", wizard.id)]))

    def test_a_day_to_come_is_refused(self):
        wizard = self.env["ttcs.as.of"].create({"date": self.today + timedelta(days=1)})
        with self.assert_refused(UserError):
            wizard.action_show()

    # Minutes --------------------------------------------------------------------------------

    def make_minutes(self, user=None, **values):
        wizard = self.env["ttcs.reform.minutes"].with_user(user or self.admin)
        return wizard.create({"reform_id": self.reform.id, **values})

    def test_the_list_tells_cost_wear_and_place_of_what_changed_hands(self):
        self.make_old_asset(
            "cluster",
            self.committee_a,
            self.hamlet_a,
            code="CL-01",
            original_cost=20_000_000,
            condition="degraded",
        )
        self.make_old_asset("board", self.department, self.commune_a, code="BANG-01")
        self.run_reform()
        content = base64.b64decode(self.make_minutes().action_xlsx()["params"]["content"])
        sheet = openpyxl.load_workbook(BytesIO(content)).worksheets[0]
        cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
        self.assertIn(self.committee_c.name, cells)
        self.assertIn("CL-01", cells)
        self.assertIn(20_000_000, cells)
        self.assertNotIn("BANG-01", cells, "It kept its owner.")

    def test_minutes_of_an_agency_name_both_sides(self):
        asset = self.make_old_asset("cluster", self.committee_a, self.hamlet_a, code="CL-01")
        self.run_reform()
        wizard = self.make_minutes(agency_id=self.committee_c.id)
        self.assertEqual(wizard.receiver_ids, self.committee_c)
        content = base64.b64decode(wizard.action_pdf()["params"]["content"])
        text = " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
        flat = " ".join(text.split())
        for words in (self.committee_a.name, self.committee_c.name, "CL-01"):
            self.assertIn(words, flat)
        self.assertTrue(asset.exists())

    def test_a_manager_elsewhere_gets_no_minutes(self):
        self.make_old_asset("cluster", self.committee_a, self.hamlet_a)
        self.run_reform()
        stranger = self.make_user(self.committee_g, "assets_manager")
        with self.assert_refused(UserError):
            self.make_minutes(stranger).action_xlsx()
