"""The register: identity, structure, place with history, coverage, work orders."""

from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import AssetsCase


@tagged("post_install", "-at_install")
class TestEquipment(AssetsCase):
    def test_parts_know_their_station(self):
        amplifier = self.make_asset(
            "amplifier", self.committee_c, self.hamlet_c, parent_asset_id=self.cluster.id
        )
        self.assertEqual(self.station.station_id, self.station)
        self.assertEqual(self.cluster.station_id, self.station)
        self.assertEqual(amplifier.station_id, self.station)
        self.assertEqual(self.station.cluster_count, 2)

    def test_an_asset_is_no_part_of_its_own_part(self):
        with self.assertRaises(ValidationError):
            self.station.parent_asset_id = self.cluster

    def test_a_code_is_unique_in_its_agency_only(self):
        self.cluster.code = "CL-01"
        self.cluster_g.code = "CL-01"
        self.env.flush_all()
        with self.assertRaises(Exception) as caught, mute_logger("odoo.sql_db"):
            self.cluster_at_commune.code = "CL-01"
            self.env.flush_all()
        self.assertIn("maintenance_equipment_code_unique", str(caught.exception))

    def test_a_mixed_station_and_its_conversion_by_date(self):
        lines = self.env["ttcs.station.technology"]
        lines.create(
            {"station_id": self.station.id, "technology": "fm", "valid_from": "2015-01-01"}
        )
        lines.create(
            {"station_id": self.station.id, "technology": "ip", "valid_from": "2024-06-01"}
        )
        search = self.env["maintenance.equipment"].search
        self.assertEqual(self.station.station_kind, "mixed")
        self.assertIn(self.station, search([("station_kind", "=", "mixed")]))
        self.assertEqual(self.station.with_context(ttcs_as_of="2020-01-01").station_kind, "fm")
        lines.search([("technology", "=", "fm")]).valid_to = self.yesterday
        self.assertEqual(self.station.station_kind, "ip")
        self.assertIn(self.station, search([("station_kind", "in", ["ip"])]))
        self.assertNotIn(self.station, search([("station_kind", "=", "mixed")]))

    def test_the_same_technology_does_not_run_twice_at_once(self):
        lines = self.env["ttcs.station.technology"]
        lines.create(
            {"station_id": self.station.id, "technology": "ip", "valid_from": "2024-06-01"}
        )
        with self.assertRaises(Exception) as caught, mute_logger("odoo.sql_db"):
            lines.create(
                {"station_id": self.station.id, "technology": "ip", "valid_from": "2025-06-01"}
            )
        self.assertIn("ttcs_station_technology_period", str(caught.exception))

    def test_costs_by_source_sum_to_the_original_cost(self):
        source = self.env.ref("ttcs_budget.ttcs_funding_source_tinh_dt")
        other = self.env.ref("ttcs_budget.ttcs_funding_source_xa_tx")
        shares = [
            (0, 0, {"funding_source_id": source.id, "amount": 20_000_000}),
            (0, 0, {"funding_source_id": other.id, "amount": 5_000_000}),
        ]
        self.cluster.write({"original_cost": 25_000_000, "cost_ids": shares})
        with self.assertRaisesRegex(ValidationError, "25.000.000"):
            self.cluster.original_cost = 26_000_000

    def test_a_cost_is_whole_and_not_negative(self):
        for cost in (-1, 0.5):
            with (
                self.subTest(cost=cost),
                self.assertRaises(Exception) as caught,
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(
                    "UPDATE maintenance_equipment SET original_cost = %s WHERE id = %s",
                    [cost, self.cluster.id],
                )
            self.assertIn("maintenance_equipment_cost_whole", str(caught.exception))

    def test_an_hr_officer_is_no_equipment_manager(self):
        officer = self.make_user(self.committee_c, groups=["hr.group_hr_user"])
        self.assertFalse(officer.has_group("maintenance.group_equipment_manager"))

    def test_a_new_asset_belongs_to_nobody_in_particular(self):
        """Core's hr bridge would make its creator the owner and subscribe him."""
        user = self.make_user(self.committee_c, "assets")
        asset = (
            self.env["maintenance.equipment"]
            .with_user(user)
            .create({"name": "Cụm loa mới", "category_id": self.kind("cluster").id})
        )
        self.assertFalse(asset.owner_user_id)
        self.assertEqual(asset.agency_id, self.committee_c)

    def test_the_form_takes_place_and_agency_from_the_station(self):
        form = Form(self.env["maintenance.equipment"])
        form.name = "Cụm loa mới"
        form.category_id = self.kind("cluster")
        form.parent_asset_id = self.station
        self.assertEqual(form.save().agency_id, self.committee_c)


@tagged("post_install", "-at_install")
class TestPlacement(AssetsCase):
    def stays(self, asset):
        """The history of an asset as (place, first day, last day), oldest first."""
        self.env.flush_all()
        asset.invalidate_recordset(["placement_ids"])
        stays = asset.placement_ids.sorted("valid_from")
        return [(stay.unit_id, stay.valid_from, stay.valid_to or None) for stay in stays]

    def test_a_new_asset_counts_from_the_day_it_was_put_to_use(self):
        used_since = self.today - timedelta(days=100)
        asset = self.make_asset("cluster", self.committee_g, self.hamlet_g, in_use_date=used_since)
        self.assertEqual(self.stays(asset), [(self.hamlet_g, used_since, None)])

    def test_it_does_not_count_before_its_place_existed(self):
        asset = self.make_asset(
            "cluster", self.committee_c, self.hamlet_c, in_use_date="2019-01-01"
        )
        self.assertEqual(self.stays(asset), [(self.hamlet_c, self.hamlet_c.valid_from, None)])

    def test_a_move_closes_one_stay_and_opens_the_next(self):
        start = self.today - timedelta(days=10)
        asset = self.make_asset("cluster", self.committee_c, self.hamlet_c, in_use_date=start)
        self.env.flush_all()
        asset.unit_id = self.commune_c
        self.assertEqual(
            self.stays(asset),
            [(self.hamlet_c, start, self.yesterday), (self.commune_c, self.today, None)],
        )

    def test_a_correction_on_the_same_day_leaves_one_stay(self):
        self.env.flush_all()
        self.cluster.unit_id = self.commune_c
        self.cluster.unit_id = self.hamlet_c
        self.cluster.unit_id = self.commune_c
        self.assertEqual([stay[0] for stay in self.stays(self.cluster)], [self.commune_c])

    def test_an_asset_entered_by_mistake_leaves_no_stay_behind(self):
        asset = self.make_asset("cluster", self.committee_c, self.hamlet_c)
        stays = [("model", "=", asset._name), ("res_id", "=", asset.id)]
        self.assertTrue(self.env["ttcs.placement"].search_count(stays))
        asset.unlink()
        self.env.flush_all()
        self.assertFalse(self.env["ttcs.placement"].search_count(stays))

    def test_bulk_sql_leaves_a_history_too_and_may_say_the_day(self):
        start = self.today - timedelta(days=30)
        assets = self.make_asset("cluster", self.committee_c, self.hamlet_c, in_use_date=start)
        assets |= self.make_asset("cluster", self.committee_c, self.hamlet_c, in_use_date=start)
        self.env.flush_all()
        moved_on = self.today - timedelta(days=5)
        self.env["maintenance.equipment"]._placed_on(moved_on)
        self.env.cr.execute(
            "UPDATE maintenance_equipment SET unit_id = %s WHERE id = ANY(%s)",
            [self.hamlet_g.id, assets.ids],
        )
        for asset in assets:
            self.assertEqual(
                self.stays(asset),
                [
                    (self.hamlet_c, start, moved_on - timedelta(days=1)),
                    (self.hamlet_g, moved_on, None),
                ],
            )


@tagged("post_install", "-at_install")
class TestSound(AssetsCase):
    def test_a_hamlet_hears_while_one_cluster_works(self):
        units = self.env["ttcs.unit"]
        self.assertEqual(self.hamlet_c.sound, "heard")
        self.assertEqual(self.hamlet_e.sound, "none")
        self.cluster.condition = "broken"
        self.hamlet_c.invalidate_recordset()
        self.assertEqual(self.hamlet_c.sound, "silent")
        mine = [("id", "in", (self.hamlet_c | self.hamlet_e | self.hamlet_g).ids)]
        self.assertEqual(units.search([*mine, ("sound", "=", "heard")]), self.hamlet_g)
        self.assertEqual(units.search([*mine, ("sound", "=", "silent")]), self.hamlet_c)
        self.assertEqual(units.search([*mine, ("sound", "=", "none")]), self.hamlet_e)
        self.assertEqual(
            units.search([*mine, ("sound", "!=", "heard")]), self.hamlet_c | self.hamlet_e
        )

    def test_a_cluster_of_a_part_is_heard_in_the_whole(self):
        since = self.hamlet_e.valid_from
        part = self.make_unit("Cụm 1", "residential_cluster", self.hamlet_e, valid_from=since)
        self.make_asset("cluster", self.committee_e, part)
        self.assertEqual(self.hamlet_e.sound, "heard")
        self.assertEqual(self.commune_e.cluster_count, 1)

    def test_a_disposed_cluster_is_not_heard(self):
        self.cluster.life_state = "disposed"
        self.assertEqual(self.hamlet_c.sound, "none")


@tagged("post_install", "-at_install")
class TestScopeOfAssets(AssetsCase):
    def test_a_commune_reads_its_own_and_not_its_siblings(self):
        user = self.make_user(self.committee_c, "assets")
        assets = self.env["maintenance.equipment"].with_user(user)
        self.assertIn(self.cluster, assets.search([]))
        self.assertNotIn(self.cluster_g, assets.search([]))
        with self.assertRaises(AccessError):
            assets.browse(self.cluster_g.id).read(["name"])
        self.cluster_g.name = "Cụm loa chợ Bình Thử"
        self.assertFalse(assets.name_search("chợ Bình Thử"))

    def test_a_commune_reads_what_its_predecessors_left(self):
        left = self.make_asset("cluster", self.committee_a, self.hamlet_a)
        user = self.make_user(self.committee_c, "assets")
        self.assertIn(left, self.env["maintenance.equipment"].with_user(user).search([]))

    def test_a_province_asset_in_the_commune_is_read_but_not_changed(self):
        owned_above = self.make_asset("cluster", self.department, self.hamlet_c)
        user = self.make_user(self.committee_c, "assets")
        asset = owned_above.with_user(user)
        self.assertEqual(asset.name, owned_above.name)
        with self.assertRaises(AccessError):
            asset.name = "Của xã"

    def test_an_asset_is_not_made_for_another_commune(self):
        user = self.make_user(self.committee_c, "assets")
        with self.assertRaises(AccessError):
            self.env["maintenance.equipment"].with_user(user).create(
                {
                    "name": "Lạc",
                    "category_id": self.kind("cluster").id,
                    "agency_id": self.committee_g.id,
                    "unit_id": self.hamlet_g.id,
                }
            )

    def test_the_map_shows_what_the_list_shows(self):
        (self.cluster | self.cluster_g).write({"latitude": 10.5, "longitude": 105.5})
        user = self.make_user(self.committee_c, "assets")
        shown = self.env["maintenance.equipment"].with_user(user).get_map([])
        ids = [point[0] for point in shown["points"]]
        self.assertIn(self.cluster.id, ids)
        self.assertNotIn(self.cluster_g.id, ids)
        with self.assertRaises(AccessError):
            self.cluster_g.with_user(user).get_map_card()

    def test_the_map_costs_the_same_for_ten_and_a_hundred_assets(self):
        assets = self.env["maintenance.equipment"]
        counts = []
        assets.get_map([("family", "=", "cluster")])  # fills the caches of rules and fields
        for size in (10, 100):
            for _number in range(size):
                self.make_asset("cluster", self.committee_c, self.hamlet_c)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            assets.get_map([("family", "=", "cluster")])
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1], counts)
        self.assertLessEqual(counts[1], 20)


@tagged("post_install", "-at_install")
class TestWorkOrder(AssetsCase):
    def order(self, asset, **values):
        return self.env["maintenance.request"].create(
            {"name": "Loa rè", "equipment_id": asset.id, **values}
        )

    def test_an_order_keeps_the_place_of_its_day(self):
        order = self.order(self.cluster)
        self.assertEqual((order.unit_id, order.agency_id), (self.hamlet_c, self.committee_c))
        self.cluster.write({"unit_id": self.hamlet_g.id, "agency_id": self.committee_g.id})
        self.assertEqual((order.unit_id, order.agency_id), (self.hamlet_c, self.committee_c))

    def test_an_order_is_not_for_an_asset_of_another_company(self):
        other = self.env["res.company"].create({"name": "Công ty thứ hai"})
        self.cluster.company_id = other
        with self.assertRaises(UserError):
            self.order(self.cluster, company_id=self.env.company.id)

    def test_nobody_deletes_an_order(self):
        order = self.order(self.cluster)
        with self.assertRaises(UserError):
            order.unlink()

    def test_closing_moves_the_condition_and_names_who_closed(self):
        self.cluster.condition = "broken"
        technician = self.make_user(self.committee_c, "maintenance")
        order = self.order(self.cluster).with_user(technician)
        order._close("repaired", "Thay màng loa")
        self.assertEqual(self.cluster.condition, "good")
        self.assertEqual(order.closed_by_id, technician)
        self.assertTrue(order.closed_at)

    def test_closing_in_the_office_moves_the_condition_too(self):
        self.cluster.condition = "broken"
        done = self.env["maintenance.stage"].search([("done", "=", True)], limit=1)
        self.order(self.cluster).write({"result": "partly", "stage_id": done.id})
        self.assertEqual(self.cluster.condition, "degraded")

    def test_an_order_is_closed_neither_ahead_of_time_nor_before_its_report(self):
        order = self.order(self.cluster)
        with self.assertRaisesRegex(UserError, "not before"):
            order._close("repaired", "Xong", fields.Datetime.now() + timedelta(hours=1))
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(IntegrityError, "closed_after_report"),
            self.cr.savepoint(),
        ):
            order._close("repaired", "Xong", order.reported_at - timedelta(hours=1))

    def test_reopening_forgets_the_closing(self):
        order = self.order(self.cluster)
        order._close("repaired", "Xong")
        order.stage_id = self.env["maintenance.stage"].search([("done", "=", False)], limit=1)
        self.assertFalse(order.closed_at)
        self.assertFalse(order.closed_by_id)

    def test_late_is_open_and_past_its_day(self):
        reported = fields.Datetime.now() - timedelta(days=3)
        late = self.order(self.cluster, due_date=self.yesterday, reported_at=reported)
        due = self.order(self.cluster, due_date=self.today)
        orders = self.env["maintenance.request"]
        found = orders.search([("is_late", "=", True), ("id", "in", (late | due).ids)])
        self.assertEqual(found, late)
        late._close("no_fault", "Kiểm tra: bình thường")
        self.assertFalse(late.is_late)

    def test_a_sibling_commune_reads_no_order(self):
        order = self.order(self.cluster_g)
        user = self.make_user(self.committee_c, "maintenance")
        with self.assertRaises(AccessError):
            order.with_user(user).read(["name"])
        with self.assertRaises(AccessError):
            order.with_user(user).message_ids.read(["body"])
