"""The roll call of loudspeakers: who is called, who may tell, and what counts."""

from datetime import timedelta
from itertools import permutations

from freezegun import freeze_time
from psycopg2 import errors

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ttcs_base.tests.common import LAST_DAY_BEFORE_REFORM

from .roll_call_case import RollCallCase


@tagged("post_install", "-at_install")
class TestRollCall(RollCallCase):
    # Who is called -------------------------------------------------------------------------

    def test_calling_lists_clusters_in_use_and_those_who_live_near_them(self):
        self.make_asset("cluster", self.committee_c, self.hamlet_c, life_state="stored")
        self.make_asset("board", self.committee_c, self.hamlet_c)
        call = self.call()
        self.assertEqual(call.state, "called")
        self.assertEqual(call.line_ids.equipment_id, self.cluster + self.cluster_at_commune)
        self.assertEqual(call.invitation_ids.listener_id, self.head + self.volunteer)
        # The head of the hamlet hears his hamlet, the volunteer of the commune all of it.
        self.assertEqual(self.line(call).listeners, 2)
        self.assertEqual(self.line(call, self.cluster_at_commune).listeners, 1)
        of_head = call.invitation_ids.filtered(lambda one: one.listener_id == self.head)
        self.assertEqual(of_head.loudspeakers, 1)
        self.assertEqual((call.line_count, call.unanswered_count), (2, 2))

    def test_what_a_wire_watches_is_called_only_on_demand(self):
        self.device.state = "enrolled"
        self.device._fit(self.cluster)
        self.assertEqual(self.call().line_ids.equipment_id, self.cluster_at_commune)
        later = self.call(begins=timedelta(hours=3), scope="all")
        self.assertIn(self.cluster, later.line_ids.equipment_id)

    def test_a_loudspeaker_is_asked_about_once_at_a_time(self):
        self.call(self.hamlet_c)
        call = self.call(self.commune_c)
        self.assertEqual(call.line_ids.equipment_id, self.cluster_at_commune)
        self.assertEqual(call.left_out_count, 1)
        with self.assert_refused(UserError):
            self.call(self.commune_c)
        # One that fell out stands in nobody's way.
        call.action_cancel()
        again = self.call(self.commune_c)
        self.assertEqual(again.line_ids.equipment_id, self.cluster_at_commune)

    def test_nothing_to_call_is_told_before_anything_is_sent(self):
        empty = self.make_unit("Không loa", parent=self.province)
        cases = [
            self.prepare(empty),
            self.prepare(begins=timedelta(hours=-3)),
            self.prepare(place_ids=[]),
        ]
        for call in cases:
            with self.subTest(call.name), self.assert_refused(UserError):
                call.action_call()
            self.assertEqual(call.state, "draft")

    def test_an_operator_calls_what_is_in_his_reach(self):
        call = self.prepare(self.commune_c + self.commune_g)
        call.with_user(self.operator).action_call()
        self.assertNotIn(self.cluster_g, call.line_ids.equipment_id)
        self.assertNotIn(self.stranger, call.invitation_ids.listener_id)
        elsewhere = self.make_user(self.committee_g, "devices")
        self.assertFalse(self.seen_by(elsewhere, call))
        self.assertFalse(self.seen_by(elsewhere, call.line_ids))
        self.assertFalse(self.seen_by(elsewhere, self.head))
        for step in ("action_close", "action_cancel"):
            with self.assert_refused(AccessError):
                getattr(call.with_user(elsewhere), step)()

    def test_calling_costs_the_same_for_many_loudspeakers(self):
        communes = {}

        def call(count):
            unit = self.make_unit(f"Xã {len(communes)}", parent=self.province)
            communes[len(communes)] = unit
            kind = self.kind("cluster")
            self.env["maintenance.equipment"].create(
                [
                    {
                        "name": f"Cụm {number}",
                        "category_id": kind.id,
                        "agency_id": self.committee_c.id,
                        "unit_id": unit.id,
                    }
                    for number in range(count)
                ]
            )
            made = self.prepare(unit)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            made.action_call()
            self.env.flush_all()
            self.assertEqual(made.line_count, count)
            return self.env.cr.sql_log_count - before

        call(3)
        self.assertEqual(call(10), call(300))

    # What was called stays -----------------------------------------------------------------

    def test_what_was_called_stays_as_it_was(self):
        call = self.call()
        line = self.line(call)
        for record, values in (
            (call, {"begins_at": fields.Datetime.now()}),
            (call, {"minutes": 30}),
            (line, {"equipment_id": self.cluster_g.id}),
            (line, {"ends_at": fields.Datetime.now()}),
        ):
            with self.subTest(values), self.refused_by_database():
                record.sudo().write(values)
        for record in (call, line):
            with self.subTest(record), self.refused_by_database():
                record.sudo().unlink()

    def test_steps_go_forward_only(self):
        call = self.call()
        call.action_close()
        for step in ("action_call", "action_close", "action_cancel"):
            with self.subTest(step), self.assert_refused(UserError):
                getattr(call, step)()
        with self.refused_by_database():
            call.sudo().write({"state": "called", "closed_at": False})

    def test_nobody_writes_a_verdict_or_a_link_by_hand(self):
        call = self.call()
        manager = self.manager
        for record, values in (
            (call, {"state": "closed"}),
            (call, {"left_out_count": 0}),
            (self.head, {"code": "0" * 16}),
        ):
            with self.subTest(values), self.assert_refused(UserError):
                record.with_user(manager).write(values)
        with self.assert_refused(UserError):
            self.line(call).with_user(manager).write({"verdict": "clear"})
        with self.assert_refused(UserError):
            self.env["ttcs.roll.call.answer"].with_user(manager).create(
                {"line_id": self.line(call).id, "answer": "clear", "source": "officer"}
            )

    # What counts ---------------------------------------------------------------------------

    def test_the_last_word_of_each_counts_and_listeners_before_passers_by(self):
        line = self.line(self.call())
        self.tell(line, "clear", visitor="a")
        self.tell(line, "clear", visitor="b")
        self.assertEqual((line.verdict, line.told_by, line.answers), ("clear", "citizen", 2))
        self.tell(line, "silent", self.head)
        self.assertEqual((line.verdict, line.told_by, line.is_disputed), ("silent", "known", True))
        self.tell(line, "noisy", self.head)
        self.tell(line, "noisy", visitor="a")
        self.tell(line, "noisy", visitor="b")
        self.assertEqual((line.verdict, line.answers, line.is_disputed), ("noisy", 3, False))

    def test_the_majority_decides_and_at_a_tie_the_worse_in_any_order(self):
        listeners = self.head + self.volunteer + self.make_listener(self.hamlet_c)
        cases = [
            *((said, "clear") for said in permutations(("clear", "clear", "silent"))),
            *((said, "silent") for said in permutations(("clear", "silent"))),
            *((said, "noisy") for said in permutations(("clear", "noisy"))),
        ]
        for said, verdict in cases:
            call = self.call()
            line = self.line(call)
            for listener, answer in zip(listeners, said, strict=False):
                self.tell(line, answer, listener)
            self.assertEqual((line.verdict, line.is_disputed), (verdict, True), said)
            call.action_cancel()

    def test_a_tap_sent_twice_counts_once(self):
        line = self.line(self.call())
        self.assertEqual(self.tell(line, "clear", self.head, key="k"), 1)
        self.assertEqual(self.tell(line, "clear", self.head, key="k"), 0)
        self.assertEqual(len(line.answer_ids), 1)

    def test_answers_are_taken_only_while_the_broadcast_runs(self):
        early = self.line(self.call(begins=timedelta(minutes=30)))
        closed = self.call(minutes=20)
        closed_line = self.line(closed)
        closed.action_close()
        cancelled = self.prepare(self.commune_g, minutes=20)
        cancelled.action_call()
        cancelled_line = self.line(cancelled, self.cluster_g)
        cancelled.action_cancel()
        for line in (early, closed_line, cancelled_line):
            with self.subTest(line.roll_call_id.state), self.refused_by_database():
                self.env["ttcs.roll.call.answer"].create(
                    {
                        "line_id": line.id,
                        "answer": "clear",
                        "source": "listener",
                        "listener_id": self.head.id,
                    }
                )

    def test_an_answer_is_never_changed(self):
        line = self.line(self.call())
        self.tell(line, "clear", self.head)
        for statement in (
            "UPDATE ttcs_roll_call_answer SET answer = 'silent' WHERE line_id = %s",
            "DELETE FROM ttcs_roll_call_answer WHERE line_id = %s",
        ):
            with (
                self.subTest(statement),
                self.assertRaises(errors.CheckViolation),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement, [line.id])

    def test_an_officer_writes_down_what_he_was_told_by_telephone(self):
        line = self.line(self.call()).with_user(self.operator)
        line.action_tell_noisy()
        self.assertEqual((line.verdict, line.told_by), ("noisy", "known"))
        self.assertEqual(line.answer_ids.user_id, self.operator)
        with self.assert_refused(AccessError):
            line.with_user(self.technician).action_tell_clear()

    def test_who_has_answered_is_seen_at_once(self):
        call = self.call()
        self.tell(self.line(call), "clear", self.head)
        self.assertEqual((call.answered_count, call.listener_count), (1, 2))
        self.assertEqual(call.invitation_ids.filtered("answered_at").listener_id, self.head)
        self.assertEqual((call.heard_count, call.unanswered_count), (1, 1))

    # Beside what devices say ---------------------------------------------------------------

    def test_people_and_devices_are_laid_side_by_side(self):
        playing, quiet, gone = self.env["maintenance.equipment"], None, None
        assets = [self.make_asset("cluster", self.committee_c, self.hamlet_c) for _ in range(3)]
        devices = [self.make_device(self.committee_c, state="enrolled") for _ in assets]
        for device, asset in zip(devices, assets, strict=True):
            device._fit(asset)
        call = self.call(self.hamlet_c, scope="all")
        moment = fields.Datetime.now()
        for device, on_air in zip(devices[:2], (True, False), strict=True):
            self.sample(device, moment, on_air)
        playing, quiet, gone = (self.line(call, asset) for asset in assets)
        self.tell(playing, "silent", self.head)
        self.tell(quiet, "clear", self.head)
        self.tell(gone, "silent", self.head)
        call.action_close()
        self.assertEqual(
            [line.telemetry for line in (playing, quiet, gone)], ["playing", "quiet", "silent"]
        )
        self.assertEqual(
            [line.is_contradicted for line in (playing, quiet, gone)], [True, True, False]
        )
        self.assertFalse(self.line(call).telemetry)

    def sample(self, device, moment, on_air):
        self.env.flush_all()
        self.env.cr.execute("SELECT ttcs_tele.make_partitions(%s, 1)", [moment.date()])
        self.env.cr.execute(
            "INSERT INTO ttcs_tele.sample (device_id, ts, boot, seq, received_at, on_air)"
            " VALUES (%s, %s, 1, 1, now(), %s)",
            [device.id, moment, on_air],
        )

    def test_an_asset_leads_to_how_it_was_heard(self):
        call = self.call()
        asset = self.cluster.with_user(self.technician)
        self.assertEqual(asset.roll_call_count, 1)
        self.assertEqual(self.cluster_g.roll_call_count, 0)
        action = asset.action_open_roll_calls()
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), self.line(call))

    def test_a_roll_call_closes_by_itself_half_an_hour_after_its_end(self):
        call = self.call()
        for after, state in ((timedelta(minutes=20), "called"), (timedelta(hours=1), "closed")):
            with freeze_time(call.ends_at + after):
                self.env["ttcs.roll.call"]._cron_close()
            self.assertEqual(call.state, state)

    # Uptime --------------------------------------------------------------------------------

    def test_uptime_of_a_loudspeaker_is_how_often_it_was_heard(self):
        technology = {"technology": "fm", "valid_from": "2021-01-01"}
        self.station.technology_ids = [(0, 0, technology)]
        months = set()
        for days, answer in ((1, "clear"), (2, "noisy"), (3, "silent"), (4, None)):
            call = self.call()
            if answer:
                self.tell(self.line(call), answer, self.head)
            call.action_close()
            self.put_back(call, days)
            months.add(call.begins_at.month)
        void = self.call()
        self.tell(self.line(void), "silent", self.head)
        void.action_cancel()
        found = self.env["ttcs.roll.call.uptime"].search([("equipment_id", "=", self.cluster.id)])
        self.assertEqual(len(found), len(months))
        for figure, expected in (
            ("called", 4), ("told", 3), ("heard", 2), ("noisy", 1), ("silent", 1),
        ):  # fmt: skip
            self.assertEqual(sum(found.mapped(figure)), expected, figure)
        self.assertEqual(set(found.mapped("technology")), {"fm"})
        if len(found) == 1:
            self.assertAlmostEqual(found.heard_share, 66.7, 1)

    def put_back(self, call, days):
        """Let a roll call have been some days ago: its guards are lifted for this alone."""
        self.env.flush_all()
        for table, own in (("ttcs_roll_call_line", "roll_call_id"), ("ttcs_roll_call", "id")):
            self.env.cr.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            self.env.cr.execute(
                f"UPDATE {table} SET begins_at = begins_at - make_interval(days => %s),"
                f" ends_at = ends_at - make_interval(days => %s) WHERE {own} = %s",
                [days, days, call.id],
            )
            self.env.cr.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        self.env.invalidate_all()

    def test_work_orders_are_opened_once_for_what_is_silent(self):
        call = self.call()
        silent, clear = self.line(call), self.line(call, self.cluster_at_commune)
        self.tell(silent, "silent", self.head, note="Rè từ hôm qua rồi tắt")
        self.tell(clear, "clear", self.volunteer)
        lines = call.line_ids.with_user(self.manager)
        lines.action_open_orders()
        request = silent.request_id
        self.assertEqual((request.equipment_id, request.reported_by), (self.cluster, "listener"))
        self.assertIn("Rè từ hôm qua", request.description)
        self.assertFalse(clear.request_id)
        with self.assert_refused(UserError):
            lines.action_open_orders()
        # The next roll call joins the open one.
        call.action_cancel()
        again = self.line(self.call())
        self.tell(again, "silent", self.head)
        self.assertEqual(self.waiting(), 1)
        again.with_user(self.manager).action_open_orders()
        self.assertEqual(again.request_id, request)
        self.assertEqual(self.waiting(), 0)

    def waiting(self):
        """How many loudspeakers the operator's list of today asks him to see to."""
        title = "Silent or noisy loudspeakers without a work order"
        items = self.env["ttcs.today"].with_user(self.operator)._items()
        return sum(item["count"] for item in items if item["title"] == title)


@tagged("post_install", "-at_install")
class TestListener(RollCallCase):
    def test_each_has_a_link_of_his_own_that_can_be_replaced(self):
        first = self.head.link
        self.assertTrue(first.endswith(f"/dd/{self.head.code}"))
        self.assertNotEqual(first, self.volunteer.link)
        code = self.head.code
        self.head.with_user(self.operator).action_renew_code()
        listeners = self.env["ttcs.listener"]
        self.assertFalse(listeners._of_code(code))
        self.assertEqual(listeners._of_code(self.head.code.lower()), self.head)
        self.head.active = False
        self.assertFalse(listeners._of_code(self.head.code))

    def test_a_code_given_by_a_call_is_not_taken(self):
        made = self.make_listener(self.hamlet_c, code="0" * 16)
        self.assertNotEqual(made.code, "0" * 16)

    def test_heads_of_hamlets_are_taken_over_once(self):
        self.hamlet_c.write({"head_name": "Trưởng ấp", "head_phone": "0900 000 001"})
        self.hamlet_g.write({"head_name": "Ở nơi khác", "head_phone": "0900 000 002"})
        listeners = self.env["ttcs.listener"].with_user(self.operator)
        listeners.action_take_heads()
        found = self.env["ttcs.listener"].search([("phone", "=like", "0900 000 00%")])
        self.assertEqual(found.mapped("name"), ["Trưởng ấp"])
        self.assertEqual((found.unit_id, found.agency_id), (self.hamlet_c, self.committee_c))
        listeners.action_take_heads()
        self.assertEqual(
            self.env["ttcs.listener"].search_count([("phone", "=", "0900 000 001")]), 1
        )

    def test_the_message_fits_a_short_message_and_names_hour_and_link(self):
        call = self.call(begins=timedelta(hours=1))
        invitation = call.invitation_ids.filtered(lambda one: one.listener_id == self.head)
        invitation = invitation.with_user(self.operator)
        self.assertLessEqual(len(invitation.short_message), 160)
        self.assertTrue(invitation.short_message.isascii())
        for text in (invitation.message, invitation.short_message):
            self.assertIn(self.head.link, text)
        self.assertTrue(invitation.short_message_link.startswith("sms:0912345678?body="))

    def test_cards_are_printed_with_a_code_that_leads_to_the_page(self):
        saved = (self.head + self.volunteer).with_user(self.operator).action_print_cards()
        self.assertTrue(saved["params"]["name"].endswith(".pdf"))
        with self.assert_refused(UserError):
            self.env["ttcs.listener"].action_print_cards()

    def test_a_listener_has_a_history_of_places(self):
        self.assertIn("ttcs.listener", self.env["ttcs.reform"]._placed_models())
        self.head._placed_on(LAST_DAY_BEFORE_REFORM)
        early = self.make_listener(self.hamlet_c)
        self.env.flush_all()
        self.head._placed_on(False)
        early.unit_id = self.commune_c
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(early.placement_ids.unit_id, self.hamlet_c + self.commune_c)
        identifier = early.id
        early.unlink()
        self.env.flush_all()
        self.assertFalse(
            self.env["ttcs.placement"].search_count(
                [("model", "=", "ttcs.listener"), ("res_id", "=", identifier)]
            )
        )


@tagged("post_install", "-at_install")
class TestRollCallPlan(RollCallCase):
    def plan(self, **values):
        return (
            self.env["ttcs.roll.call.plan"]
            .with_user(self.operator)
            .create(
                {
                    "name": "Chiều thứ hai",
                    "agency_id": self.committee_c.id,
                    "place_ids": self.commune_c.ids,
                    "begins_at": 17.5,
                    **values,
                }
            )
        )

    def test_a_plan_calls_two_days_ahead_and_each_time_once(self):
        plan = self.plan(wednesday=True)
        # A Monday, eight in the morning here; Monday and Wednesday are due.
        with freeze_time("2026-11-23 01:00:00"):
            plan.sudo()._call_due()
            plan.sudo()._call_due()
        calls = plan.roll_call_ids.sorted("begins_at")
        self.assertEqual(
            calls.mapped("begins_at"),
            [
                fields.Datetime.to_datetime("2026-11-23 10:30:00"),
                fields.Datetime.to_datetime("2026-11-25 10:30:00"),
            ],
        )
        self.assertEqual(set(calls.mapped("state")), {"called"})
        self.assertFalse(plan.trouble)

    def test_a_plan_that_can_call_nobody_says_why_and_goes_on(self):
        empty = self.make_unit("Không loa", parent=self.commune_c.parent_id)
        plan = self.plan(place_ids=empty.ids)
        with freeze_time("2026-11-23 01:00:00"):
            plan.sudo()._call_due()
        self.assertTrue(plan.trouble)
        self.assertFalse(plan.roll_call_ids)
        plan.write({"place_ids": self.commune_c.ids})
        with freeze_time("2026-11-23 01:00:00"):
            plan.sudo()._call_due()
        self.assertFalse(plan.trouble)
        self.assertTrue(plan.roll_call_ids)

    def test_the_hour_of_a_broadcast_that_has_begun_is_not_called_any_more(self):
        plan = self.plan()
        with freeze_time("2026-11-23 11:00:00"):
            plan.sudo()._call_due()
        self.assertFalse(plan.roll_call_ids)
