"""The demo province: the same every time, of the promised size, with its bad cases."""

from __future__ import annotations

import doctest
import os
import subprocess
import sys
from collections import Counter
from datetime import date, datetime, time, timedelta

from odoo.exceptions import UserError
from odoo.tests import BaseCase, TransactionCase, tagged
from odoo.tools import config

from odoo.addons.ttcs_base.province_data import province_table
from odoo.addons.ttcs_base.text.vietnamese import place_key

from ..demo import assets, costs, money, names, points, trouble
from ..demo.assets import REFORM
from ..demo.people import FORMER_OPERATORS, PART_TIME_ENDED, VACANT
from ..demo.plan import USUAL_SCALE, fingerprint, plan_province
from ..demo.province import PROVINCE, build_demo_province
from ..demo.write_people import renew_passwords

TODAY = date(2026, 11, 23)
# What the demo writes, in the order of what refers to what.
WRITTEN = (
    *("ttcs_unit", "ttcs_agency", "ttcs_person", "ttcs_assignment", "res_users"),
    *("maintenance_equipment", "ttcs_placement", "ttcs_asset_cost", "ttcs_station_technology"),
    *("ttcs_tag", "ttcs_tag_roll", "maintenance_request"),
)
FINGERPRINT_PROGRAM = f"""
import datetime
import sys
from odoo.tools import config
config.parse_config(["-c", sys.argv[1]])
from odoo.addons.ttcs_assets.demo.plan import fingerprint, plan_province
from odoo.addons.ttcs_base.province_data import province_table
print(fingerprint(plan_province(province_table("{PROVINCE}"), {TODAY!r})))
"""


def planned(today=TODAY, scale=USUAL_SCALE):
    return plan_province(province_table(PROVINCE), today, scale)


@tagged("post_install", "-at_install")
class TestDemoPlan(BaseCase):
    """The plan, without a database."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = planned()

    def test_the_plan_is_the_same_in_another_process_with_another_hash_seed(self):
        result = subprocess.run(
            [sys.executable, "-c", FINGERPRINT_PROGRAM, config["config"]],
            env={**os.environ, "PYTHONHASHSEED": "4711"},
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(result.stdout.strip()[-64:], fingerprint(self.plan), result.stderr)

    def test_examples_in_the_documentation_hold(self):
        for module in (assets, costs, money, names, points):
            result = doctest.testmod(module)
            self.assertGreater(result.attempted, 0)
            self.assertEqual(result.failed, 0)

    def test_the_plan_differs_with_the_day(self):
        self.assertNotEqual(
            fingerprint(planned(TODAY + timedelta(days=1))), fingerprint(self.plan)
        )

    def test_hamlets_of_a_commune_have_different_names(self):
        names = Counter(
            (hamlet.parent_key, place_key(hamlet.name))
            for hamlet in self.plan.places.all_hamlets()
        )
        self.assertEqual(set(names.values()), {1})

    def test_numbers_are_unique(self):
        for values in (
            [(asset.commune_key, asset.code) for asset in self.plan.assets if asset.code],
            [asset.serial_no for asset in self.plan.assets if asset.serial_no],
            [asset.key for asset in self.plan.assets],
        ):
            self.assertEqual(len(values), len(set(values)))

    def test_a_larger_register_has_the_same_clusters_in_more_parts(self):
        large = planned(scale=20_000)
        self.assertEqual(len(large.assets), 20_000)
        self.assertEqual(
            [asset for asset in large.assets if asset.is_cluster],
            [asset for asset in self.plan.assets if asset.is_cluster],
        )

    def test_nothing_lies_in_the_future_on_any_day_of_building(self):
        for today in (date(2026, 7, 1), TODAY, date(2028, 2, 29)):
            plan = planned(today)
            now = datetime.combine(today, time(0)) - timedelta(hours=7)
            with self.subTest(today=today):
                days = [asset.in_use_date for asset in plan.assets if asset.in_use_date]
                self.assertLessEqual(max(days), today)
                moments = [asset.connection_date for asset in plan.assets]
                moments += [tag.assigned_at for tag in plan.tags]
                moments += [order.reported_at for order in plan.orders]
                moments += [order.closed_at for order in plan.orders]
                self.assertLessEqual(max(filter(None, moments)), now)


@tagged("post_install", "-at_install")
class TestDemoProvince(TransactionCase):
    """The demo as it stands in the database."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ttcs.province.load"]._load(PROVINCE)
        cls.accounts = build_demo_province(cls.env)
        cls.today = cls.env.company._today()
        cls.assets = cls.env["maintenance.equipment"]
        cls.orders = cls.env["maintenance.request"]

    def named(self, name):
        asset = self.assets.search([("name", "=", name)])
        self.assertEqual(len(asset), 1, name)
        return asset

    def digest(self):
        self.env.flush_all()
        digests = []
        for table in WRITTEN:
            self.env.cr.execute(f"SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM {table} t")
            digests.append(self.env.cr.fetchone()[0])
        return digests

    def test_a_second_run_changes_nothing(self):
        before = self.digest()
        self.assertEqual(build_demo_province(self.env), [])
        self.assertEqual(self.digest(), before)

    def test_costs_downtimes_and_penalties_fill_the_last_year(self):
        months = self.orders._read_group(
            [("cost_total", ">", 0), ("closed_at", "!=", False)],
            ["closed_at:month"],
            ["cost_total:sum"],
        )
        self.assertGreaterEqual(len(months), 12)
        self.assertTrue(all(cost > 100_000 for _month, cost in months[-12:-1]), months)
        paid = self.orders.search([("cost_total", ">", 0), ("paid_by", "=", "own")])
        self.assertFalse(paid.filtered("warranty_until"))
        downtimes = self.env["ttcs.downtime"]._read_group(
            [], ["cause_id"], ["minutes:sum", "__count"]
        )
        self.assertGreaterEqual(len(downtimes), 4)
        availability = self.env["ttcs.reliability"]._read_group([], [], ["availability:avg"])
        self.assertGreater(availability[0][0], 90)
        self.assertLess(availability[0][0], 100)
        self.assertTrue(self.env["ttcs.contract.penalty"].search([("amount", ">", 0)]))

    def test_network_has_the_promised_size(self):
        families = dict(self.assets._read_group([], ["family"], ["__count"]))
        self.assertEqual(families["station"], 305)
        self.assertEqual(families["board"], 45)
        self.assertIn(families["cluster"], range(4_500, 4_801))
        self.assertIn(families["component"], range(1_050, 1_351))
        clusters = dict(
            self.assets._read_group(
                [("family", "=", "cluster"), ("life_state", "=", "in_use")],
                ["station_id"],
                ["__count"],
            )
        )
        self.assertEqual(len(clusters), 305)
        self.assertGreaterEqual(sum(clusters.values()) / 305, 15)
        self.assertGreater(sum(count < 15 for count in clusters.values()), 60)
        kinds = Counter(self.assets.search([("family", "=", "station")]).mapped("station_kind"))
        self.assertGreater(min(kinds[kind] for kind in ("wired", "fm", "ip", "mixed")), 10)

    def test_every_commune_of_today_has_stations_and_hamlets(self):
        stations = self.assets.search([("family", "=", "station")])
        self.assertEqual(len(stations.commune_id), 102)
        self.assertFalse(any(stations.commune_id.mapped("valid_to")))
        hamlets = self.env["ttcs.unit"].search([("level", "=", 4)])
        self.assertEqual(hamlets.parent_id, stations.commune_id)
        self.assertIn(len(hamlets), range(2_200, 2_401))

    def test_some_hamlets_have_no_sound(self):
        clusters = self.assets.search([("family", "=", "cluster"), ("life_state", "=", "in_use")])
        places = clusters.unit_id
        sounding = (places | places.parent_id).filtered(lambda place: place.level == 4)
        hamlets = self.env["ttcs.unit"].search([("level", "=", 4)])
        silent = 1000 * len(hamlets - sounding) // len(hamlets)
        self.assertIn(silent, range(45, 75))

    def test_conditions_are_as_in_a_working_network(self):
        clusters = [("family", "=", "cluster"), ("life_state", "=", "in_use")]
        shares = Counter(dict(self.assets._read_group(clusters, ["condition"], ["__count"])))
        total = sum(shares.values())
        for condition, percent in {"good": 88, "degraded": 6, "broken": 5, "stopped": 1}.items():
            self.assertAlmostEqual(100 * shares[condition] / total, percent, delta=1.5)
        without = self.assets.search_count([*clusters, ("latitude", "=", False)])
        self.assertAlmostEqual(100 * without / total, 4, delta=2)
        watched = self.assets.search([*clusters, ("connection", "!=", "unmonitored")])
        technologies = watched.station_id.technology_ids.filtered(lambda line: not line.valid_to)
        with_ip = technologies.filtered(lambda line: line.technology == "ip").station_id
        self.assertEqual(watched.station_id, with_ip)

    def test_nothing_that_the_database_guarantees_is_missing(self):
        self.assertEqual(self.env["ttcs.invariant"]._missing(), [])

    def test_stored_values_are_what_the_models_compute(self):
        sample = self.assets.search([]).filtered(lambda asset: asset.id % 17 == 0)
        names = ("family", "station_id", "commune_id")
        before = [[asset[name] for name in names] for asset in sample]
        for name in names:
            self.env.add_to_compute(self.assets._fields[name], sample)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual([[asset[name] for name in names] for asset in sample], before)
        sample._check_cost_by_source()
        orders = self.orders.search([]).filtered(lambda order: order.id % 17 == 0)
        communes = orders.mapped("commune_id")
        self.env.add_to_compute(self.orders._fields["commune_id"], orders)
        self.env.flush_all()
        self.assertEqual(orders.mapped("commune_id"), communes)

    def test_costs_by_source_sum_to_the_original_cost(self):
        sums = self.env["ttcs.asset.cost"]._read_group([], ["equipment_id"], ["amount:sum"])
        self.assertFalse([asset for asset, total in sums if total != asset.original_cost])
        self.assertGreater(self.env["ttcs.asset.cost"].search_count([]), 4_000)

    def test_what_was_in_use_before_the_reform_was_handed_over_then(self):
        asset = self.named(trouble.DISPOSED)
        now, before = asset.placement_ids
        self.assertEqual(before.valid_to, REFORM - timedelta(days=1))
        self.assertEqual(before.unit_id.valid_to, before.valid_to)
        self.assertEqual(before.agency_id.unit_id, before.unit_id)
        self.assertEqual((now.valid_from, now.valid_to), (REFORM, False))
        self.assertEqual((now.unit_id, now.agency_id), (asset.unit_id, asset.agency_id))
        self.assertEqual(asset.agency_id.unit_id, asset.commune_id)

    def test_orders_stand_where_their_asset_stood_that_day(self):
        old = self.orders.search([("request_date", "<", REFORM)])
        self.assertTrue(old)
        stray = old.filtered(lambda order: not order.unit_id.valid_to)
        self.assertFalse(stray, stray.mapped("name"))
        reported = [("reported_by", "!=", "plan"), ("source_answer_id", "=", False)]
        self.assertEqual(self.orders.search_count(reported), 1_500)
        open_orders = self.orders.search([*reported, ("stage_id.done", "=", False)])
        self.assertEqual(len(open_orders), 120)
        self.assertEqual(len(open_orders.filtered("is_late")), 30)
        closed = self.orders.search([("stage_id.done", "=", True)])
        self.assertFalse(closed.filtered(lambda order: not (order.closed_at and order.resolution)))
        self.assertFalse(self.env["mail.activity"].search([("res_model", "=", closed._name)]))
        self.assertFalse(self.env["mail.followers"].search([("res_model", "=", closed._name)]))

    def test_maintenance_is_planned_opened_late_and_postponed(self):
        due = self.env["ttcs.maintenance.occurrence"]
        opened = due.search([("state", "=", "opened")])
        self.assertTrue(300 < len(opened) < 2_000, len(opened))
        self.assertEqual(len(opened.request_ids), len(opened))
        self.assertGreater(due.search_count([("is_late", "=", True)]), 30)
        self.assertGreater(due.search_count([("reason", "!=", False)]), 50)
        self.assertGreater(due.search_count([("state", "=", "planned")]), 10_000)

    def test_some_checklists_are_answered_and_a_few_lines_failed(self):
        answered = self.orders.search([("answer_ids", "!=", False)])
        closed = answered.filtered("closed_at")
        self.assertEqual((len(answered), len(closed)), (42, 36))
        failed = closed.answer_ids.filtered(lambda answer: answer.verdict == "failed")
        self.assertEqual(len(failed.corrective_ids), 12)
        self.assertTrue(all(order.photo_before_ids and order.photo_line_ids for order in closed))
        self.assertTrue(all(closed.photo_ids.mapped("is_genuine")))

    def test_stations_and_boards_and_most_clusters_are_tagged(self):
        untagged = self.assets.search(
            [
                ("family", "in", ["station", "board"]),
                ("life_state", "=", "in_use"),
                ("tag_ids.state", "!=", "assigned"),
            ]
        )
        self.assertFalse(untagged)
        tagged_clusters = self.assets.search_count(
            [("family", "=", "cluster"), ("tag_ids.state", "=", "assigned")]
        )
        clusters = self.assets.search_count([("family", "=", "cluster")])
        self.assertAlmostEqual(tagged_clusters / clusters, 0.6, delta=0.05)
        self.assertEqual(self.env["ttcs.tag"].search_count([("state", "=", "blank")]), 48)
        tag = self.named(trouble.SIX_FAULTS).station_id.tag_ids[0]
        self.assertEqual(self.env["ttcs.tag"]._find(tag._address())[:2], ("assigned", tag))
        self.assertEqual(tag.unit_id, tag.equipment_id.unit_id)

    def test_one_asset_had_six_faults_in_a_year(self):
        faults = self.named(trouble.SIX_FAULTS).maintenance_ids
        in_a_year = faults.filtered(
            lambda order: (
                order.maintenance_type == "corrective"
                and order.request_date > self.today - timedelta(days=365)
            )
        )
        self.assertGreaterEqual(len(in_a_year), 6)
        self.assertIn(False, in_a_year.mapped("done"))

    def test_a_loudspeaker_is_claimed_by_two_communes(self):
        disputed = self.named(trouble.DISPUTED)
        self.assertEqual(disputed.commune_id.name, "Long Phú Thuận")
        dispute = disputed.maintenance_ids.filtered(lambda order: "Tranh chấp" in order.name)
        self.assertFalse(dispute.done)
        self.assertIn(trouble.CLAIMANT, dispute.description)

    def test_clusters_of_split_communes_await_a_hamlet(self):
        uncertain = self.assets.search([("name", "=like", f"{trouble.UNCERTAIN}%")])
        self.assertEqual(len(uncertain), 6)
        self.assertEqual(uncertain.unit_id, uncertain.commune_id)
        before = uncertain.placement_ids.unit_id.filtered("valid_to")
        self.assertEqual(set(before.mapped("name")), {"Phú Thuận B", "Gáo Giồng", "Tân Thạnh"})
        self.assertTrue(all(len(place.successor_ids) == 2 for place in before))
        self.assertFalse(any(uncertain.mapped("latitude")))

    def test_bad_rows_of_the_register(self):
        self.assertEqual(self.named(trouble.WITHOUT_COST).book_class, "unknown")
        self.assertEqual(self.named(trouble.IMPOSSIBLE_DATE).in_use_date, date(1999, 1, 1))
        disposed = self.named(trouble.DISPOSED)
        self.assertEqual(disposed.life_state, "disposed")
        self.assertEqual(disposed.tag_ids.mapped("state"), ["revoked"])
        self.assertTrue(disposed.tag_ids.reason)
        listed = self.assets.search(
            [
                ("family", "=", "cluster"),
                ("commune_id.name", "=", trouble.HALF_EMPTY_COMMUNE),
            ]
        )
        empty = listed.filtered(lambda asset: not (asset.code or asset.in_use_date or asset.model))
        self.assertEqual(len(empty), (len(listed) + 1) // 2)

    def test_a_station_was_paid_by_programmes_that_ended(self):
        name = trouble.ENDED_PROGRAMME_COMMUNE
        station = self.assets.search(
            [("name", "=", f"Đài truyền thanh xã {name}"), ("commune_id.name", "=", name)]
        )
        sources = station.cost_ids.funding_source_id
        self.assertEqual(len(sources), 2)
        self.assertFalse(any(sources.mapped("in_force")))
        self.assertTrue(all(sources.mapped("successor_id")))

    def test_a_hamlet_of_last_month_has_no_sound(self):
        hamlet = self.env["ttcs.unit"].search([("name", "=", trouble.NEW_HAMLET)])
        self.assertEqual(hamlet.valid_from.day, 1)
        self.assertLess((self.today - hamlet.valid_from).days, 62)
        self.assertFalse(self.assets.search([("unit_id", "child_of", hamlet.id)]))

    def test_the_order_overdue_longest_is_found_by_name(self):
        late = self.orders.search([("is_late", "=", True)], order="due_date", limit=1)
        self.assertEqual(late.name, f"Mất tiếng, đã nhắc ba lần: {trouble.OVERDUE_LONGEST}")

    def test_one_station_is_on_the_band_to_be_vacated(self):
        lines = self.env["ttcs.station.technology"]
        on_old_band = lines.search([("frequency_mhz", ">=", 54), ("frequency_mhz", "<=", 68)])
        self.assertEqual(len(on_old_band), 1)
        soon = self.today + timedelta(days=90)
        expiring = [("valid_to", "=", False), ("licence_valid_to", "<=", soon)]
        self.assertTrue(lines.search([*expiring, ("licence_valid_to", ">=", self.today)]))
        self.assertTrue(lines.search([*expiring, ("licence_valid_to", "<", self.today)]))

    def test_operators_ended_and_some_posts_are_vacant(self):
        operators = self.env["ttcs.assignment"].search(
            [("position_id", "=", self.env.ref("ttcs_base.ttcs_position_station_operator").id)]
        )
        ended = operators.filtered(lambda held: held.valid_to == PART_TIME_ENDED)
        self.assertEqual(len(ended), FORMER_OPERATORS)
        self.assertEqual(len(operators.filtered("in_force").agency_id), 102 - VACANT)
        persons = operators.person_id | self.env["ttcs.assignment"].search([]).person_id
        without_account = persons.filtered(lambda person: not person.user_id)
        self.assertEqual(len(without_account), 204)

    def test_accounts_sign_in_and_see_what_their_post_sees(self):
        duties = {account["duty"]: account for account in self.accounts}
        self.assertEqual(
            set(duties),
            {
                "ADMIN",
                "LEADER",
                "ASSETS",
                "COMMUNE",
                "COMMUNE_LEADER",
                "TECHNICIAN",
                "BUDGET",
            },
        )
        users = {}
        for duty, account in duties.items():
            user = self.env["res.users"].search([("login", "=", account["login"])])
            credential = {"type": "password", **account}
            user.with_user(user)._check_credentials(credential, {"interactive": False})
            users[duty] = user
        for duty in ("LEADER", "ASSETS", "TECHNICIAN"):
            self.assertEqual(self.assets.with_user(users[duty]).search_count([]), USUAL_SCALE)
        seen = self.assets.with_user(users["COMMUNE"]).search([])
        self.assertEqual(set(seen.sudo().commune_id.mapped("name")), {"Thanh Bình"})
        self.assertTrue(users["BUDGET"].has_group("ttcs_budget.ttcs_budget_group_manager"))
        self.assertFalse(users["TECHNICIAN"].has_group("ttcs_assets.ttcs_assets_group_user"))

    def test_lost_passwords_are_renewed_for_the_same_accounts(self):
        renewed = renew_passwords(self.env)
        self.assertEqual(
            [account["login"] for account in renewed],
            [account["login"] for account in self.accounts],
        )
        passwords = {account["password"] for account in (*renewed, *self.accounts)}
        self.assertEqual(len(passwords), 2 * len(renewed))
        user = self.env["res.users"].search([("login", "=", renewed[-1]["login"])])
        credential = {"type": "password", **renewed[-1]}
        user.with_user(user)._check_credentials(credential, {"interactive": False})


@tagged("post_install", "-at_install")
class TestWithoutProvince(TransactionCase):
    """Without the province there is nothing to stand on."""

    def test_build_asks_for_the_province_first(self):
        self.env["ir.model.data"].search([("model", "=", "ttcs.unit")]).unlink()
        with self.assertRaisesRegex(UserError, "Load the province first"):
            build_demo_province(self.env)
