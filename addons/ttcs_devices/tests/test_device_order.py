"""Orders to devices: who gets them, who must agree, what leaves, and how they are cancelled."""

import base64
import doctest
import json

from psycopg2 import IntegrityError, errors

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ttcs_wire.contract.commands import OPERATIONS as CONTRACT_OPERATIONS

from ..demo import orders as demo_orders
from ..orders import OPERATIONS, operations, order_document
from .common import SIREN, OrdersCase


@tagged("post_install", "-at_install")
class TestDeviceOrder(OrdersCase):
    def test_examples_hold_and_the_operations_are_those_of_the_contract(self):
        for module in (operations, order_document, demo_orders):
            self.assertEqual(doctest.testmod(module).failed, 0)
        self.assertEqual(set(OPERATIONS), set(CONTRACT_OPERATIONS))
        known = dict(self.env["ttcs.device.order"]._fields["operation"].selection)
        self.assertEqual(set(known), set(OPERATIONS))

    # Who gets it ------------------------------------------------------------------------------

    def test_trying_lists_who_would_get_it_and_sends_nothing(self):
        self.hear(self.near[0], online=True)
        self.spare.state = "enrolled"
        self.env.flush_all()
        self.spare._shut_out("Mất")
        board = self.make_device(self.committee_c, model_id=self.board.id)
        new = self.make_device(self.committee_c)
        chosen = self.near + self.spare + board + new
        order = self.order("volume", devices=chosen, volume=30)
        order.with_user(self.operator).action_list_targets()
        self.assertEqual(
            {target.device_id: target.prospect for target in order.target_ids},
            {
                self.near[0]: "now",
                self.near[1]: "when_back",
                self.spare: "shut_out",
                board: "unfit",
                new: "not_enrolled",
            },
        )
        self.assertEqual((order.now_count, order.later_count, order.left_out_count), (1, 1, 3))
        self.assertEqual(self.commands(order), [])

    def test_a_list_is_void_once_the_order_is_meant_for_others(self):
        order = self.order("report", devices=self.near)
        order.with_user(self.operator).action_list_targets()
        self.assertEqual(len(order.target_ids), 2)
        order.with_user(self.operator).device_ids = self.near[0]
        self.assertFalse(order.target_ids)

    def test_places_mean_all_that_stand_there_and_can_do_it(self):
        board = self.make_device(self.committee_c, model_id=self.board.id, state="enrolled")
        board._fit(self.cluster_at_commune)
        order = self.order("volume", places=self.commune_c, volume=30)
        order.with_user(self.operator).action_list_targets()
        self.assertEqual(order.target_ids.device_id, self.near)
        self.assertEqual(order.target_ids.mapped("is_left_out"), [False, False])

    def test_nobody_orders_devices_beyond_his_reach(self):
        order = self.order("volume", places=self.province, volume=30)
        order.with_user(self.operator).action_list_targets()
        self.assertEqual(order.target_ids.device_id, self.near)
        order = self.order("volume", devices=self.far, volume=30)
        with self.assert_refused(UserError) as refusal:
            order.with_user(self.operator).action_submit()
        self.assertIn("there is none in reach", str(refusal.exception))

    def test_a_device_of_another_agency_is_told_to_be_left_out(self):
        """It stands in the commune and is seen there, and the department gives it its orders."""
        foreign = self.make_device(self.department, state="enrolled")
        foreign._fit(self.make_asset("cluster", self.department, self.hamlet_c))
        for asked in ({"devices": foreign + self.near}, {"places": self.commune_c}):
            order = self.order("volume", volume=30, **asked)
            order.with_user(self.operator).action_list_targets()
            told = {target.device_id: target.prospect for target in order.target_ids}
            self.assertEqual(told[foreign], "beyond")
            self.assertEqual(len(told), 3)

    def test_an_order_that_reaches_nobody_says_why(self):
        self.near.write({"state": "shut_out", "reason": "Mất"})
        order = self.order("report", devices=self.near)
        with self.assert_refused(UserError) as refusal:
            order.with_user(self.operator).action_submit()
        self.assertIn("shut out (2)", str(refusal.exception))

    # What leaves ------------------------------------------------------------------------------

    def test_an_operator_orders_one_device_alone(self):
        order = self.order("volume", devices=self.near[0], volume=35)
        order.with_user(self.operator).action_submit()
        self.assertEqual(order.state, "released")
        (command,) = self.commands(order)
        self.assertEqual(command["device_id"], self.near[0].id)
        self.assertEqual((command["operation"], command["arguments"]), ("volume", {"level": 35}))
        self.assertEqual(
            (command["lane"], command["mode"], command["state"]), (5, "actual", "queued")
        )
        self.assertEqual((command["expires_at"] - command["next_at"]).total_seconds(), 86_400)
        self.assertEqual((command["next_at"] - command["not_before"]).total_seconds(), 300)

    def test_each_operation_says_what_the_protocol_wants(self):
        recording = self.recording()
        cases = [
            (
                "play",
                {"recording_id": recording.id},
                {
                    "ref": "O{id}",
                    "url": recording._url(),
                    "sha256": recording.sha256,
                    "seconds": 20,
                },
            ),
            ("stop", {}, {}),
            ("volume", {"volume": 0}, {"level": 0}),
            ("relay", {"relay_on": False}, {"on": False}),
            ("reboot", {}, {}),
            ("report", {}, {}),
        ]
        for operation, values, arguments in cases:
            with self.subTest(operation):
                order = self.order(operation, devices=self.near[0], **values)
                order.with_user(self.operator).action_submit()
                (command,) = self.commands(order)
                wanted = json.loads(json.dumps(arguments).replace("{id}", str(order.id)))
                self.assertEqual(command["arguments"], wanted)
        board = self.make_device(self.committee_c, model_id=self.board.id, state="enrolled")
        cases = [
            (
                "show",
                {"text": " Họp dân 19 giờ ", "seconds": 600},
                {
                    "ref": "O{id}",
                    "text": "Họp dân 19 giờ",
                    "seconds": 600,
                },
            ),
            ("screen_hours", {"off_from": 22.5, "off_to": 5}, {"off_from": 1350, "off_to": 300}),
        ]
        for operation, values, arguments in cases:
            with self.subTest(operation):
                order = self.order(operation, devices=board, **values)
                order.with_user(self.operator).action_submit()
                (command,) = self.commands(order)
                wanted = json.loads(json.dumps(arguments).replace("{id}", str(order.id)))
                self.assertEqual(command["arguments"], wanted)

    def test_what_is_missing_is_named_and_nothing_leaves(self):
        for operation, values, label in (
            ("play", {}, "Recording"),
            ("show", {"text": "  "}, "Text to show"),
            ("apply_schedule", {}, "Schedule"),
        ):
            with self.subTest(operation):
                devices = self.near[0]
                if operation == "show":
                    devices = self.make_device(
                        self.committee_c, model_id=self.board.id, state="enrolled"
                    )
                order = self.order(operation, devices=devices, **values)
                with self.assert_refused(UserError) as refusal:
                    order.with_user(self.operator).action_submit()
                self.assertIn(label, str(refusal.exception))
                self.assertEqual(order.state, "draft")

    def test_impossible_values_are_refused(self):
        for values in (
            {"volume": 101},
            {"valid_minutes": 0},
            {"valid_minutes": 10_081},
            {"seconds": -1},
            {"off_from": 24},
            {"operation": "stop", "mode": "test"},
        ):
            with (
                self.subTest(values),
                self.assert_refused(errors.CheckViolation),
                mute_logger("odoo.sql_db"),
            ):
                self.order(values.pop("operation", "volume"), devices=self.near, **values)

    def test_a_later_setting_replaces_one_that_has_not_arrived(self):
        first = self.order("volume", devices=self.near[0], volume=10)
        first.with_user(self.operator).action_submit()
        second = self.order("volume", devices=self.near[0], volume=20)
        second.with_user(self.operator).action_submit()
        self.assertEqual([row["state"] for row in self.commands(first)], ["superseded"])
        self.assertEqual([row["state"] for row in self.commands(second)], ["queued"])

    def test_no_command_leaves_without_an_order_for_that_device(self):
        order = self.order("volume", devices=self.near[0], volume=35)
        order.with_user(self.operator).action_submit()
        draft = self.order("volume", devices=self.near[1], volume=35)
        draft._list_targets()
        self.env.flush_all()
        for of, device, operation in (
            (None, self.near[0], "volume"),
            (order.id, self.near[1], "volume"),
            (draft.id, self.near[1], "volume"),
            (order.id, self.near[0], "play"),
        ):
            with (
                self.subTest(of=of, operation=operation),
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(
                    "INSERT INTO ttcs_tele.command (id, order_id, device_id, lane, operation,"
                    " not_before, expires_at, next_at) VALUES (gen_random_uuid(), %s, %s, 0, %s,"
                    " now(), now() + interval '1 hour', now())",
                    [of, device.id, operation],
                )

    # The second person ------------------------------------------------------------------------

    def test_a_set_in_earnest_waits_for_a_second_person(self):
        order = self.order("volume", devices=self.near, volume=30)
        order.with_user(self.manager).action_submit()
        self.assertEqual((order.state, self.commands(order)), ("waiting", []))
        elsewhere = self.make_user(self.committee_g, "devices_manager")
        leader = self.make_user(self.committee_c, "leader")
        for user, error in (
            (self.manager, UserError),
            (self.operator, AccessError),
            (elsewhere, AccessError),
        ):
            with self.assert_refused(error):
                order.with_user(user).action_approve()
        self.assertTrue(order.with_user(leader).may_approve)
        self.assertFalse(order.with_user(self.manager).may_approve)
        order.with_user(leader).action_approve()
        self.assertEqual((order.state, order.approved_by_id), ("released", leader))
        self.assertEqual(len(self.commands(order)), 2)
        with self.assert_refused(UserError):
            order.with_user(leader).action_approve()

    def test_the_database_lets_no_set_out_without_a_second_person(self):
        order = self.order("volume", devices=self.near, volume=30)
        order.with_user(self.manager).action_submit()
        self.env.flush_all()
        for values in ("", ", alone_reason = 'vội'", ", approved_by_id = submitted_by_id"):
            with (
                self.subTest(values),
                self.assertRaises(errors.CheckViolation),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(
                    f"UPDATE ttcs_device_order SET state = 'released'{values} WHERE id = %s",
                    [order.id],
                )
        self.assertEqual(self.commands(order), [])

    def test_trials_questions_and_stops_need_nobody(self):
        for operation, values in (("volume", {"mode": "test"}), ("report", {}), ("stop", {})):
            order = self.order(operation, devices=self.near, **values)
            order.with_user(self.operator).action_submit()
            self.assertEqual(order.state, "released", operation)

    def test_a_drill_reaches_only_those_in_test_mode(self):
        self.hear(self.near[0], online=True, test_mode=True)
        self.hear(self.near[1], online=True)
        order = self.order("relay", devices=self.near, mode="exercise")
        order.with_user(self.operator).action_submit()
        self.assertEqual(
            {target.device_id: target.prospect for target in order.target_ids},
            {self.near[0]: "now", self.near[1]: "refuses"},
        )
        self.assertEqual({row["mode"] for row in self.commands(order)}, {"exercise"})

    def test_an_order_that_is_returned_can_be_corrected_and_sent_again(self):
        order = self.order("volume", devices=self.near, volume=99)
        order.with_user(self.manager).action_submit()
        leader = self.make_user(self.committee_c, "leader")
        order.with_user(leader)._return("To quá")
        self.assertEqual((order.state, order.return_reason), ("draft", "To quá"))
        order.with_user(self.manager).volume = 40
        order.with_user(self.manager).action_submit()
        order.with_user(leader).action_approve()
        self.assertEqual(self.commands(order)[0]["arguments"], {"level": 40})

    def test_what_was_submitted_stays_as_it_was(self):
        order = self.order("volume", devices=self.near, volume=30)
        order.with_user(self.manager).action_submit()
        for values in ({"volume": 90}, {"device_ids": self.near[0].ids}, {"reason": "khác"}):
            with self.assert_refused(UserError):
                order.with_user(self.manager).write(values)
        for statement in (
            "UPDATE ttcs_device_order SET volume = 90 WHERE id = %s",
            "UPDATE ttcs_device_order SET state = 'finished' WHERE id = %s",
            "DELETE FROM ttcs_device_order WHERE id = %s",
            "UPDATE ttcs_device_order_target SET prospect = 'now' WHERE order_id = %s",
            "DELETE FROM ttcs_device_order_target WHERE order_id = %s",
        ):
            with (
                self.subTest(statement),
                self.assertRaises(errors.CheckViolation),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement, [order.id])
        for values in ({"state": "released"}, {"approved_by_id": self.operator.id}):
            with self.assert_refused(UserError):
                order.with_user(self.manager).write(values)

    def test_who_agreed_stays_once_it_is_out(self):
        order = self.order("volume", devices=self.near[0], volume=30)
        order.with_user(self.operator).action_submit()
        self.env.flush_all()
        with (
            self.assertRaises(errors.CheckViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "UPDATE ttcs_device_order SET approved_by_id = %s WHERE id = %s",
                [self.manager.id, order.id],
            )

    def test_the_page_of_today_calls_the_second_person(self):
        order = self.order("volume", devices=self.near, volume=30)
        order.with_user(self.manager).action_submit()
        leader = self.make_user(self.committee_c, "leader")

        def titles(user):
            return [
                item["title"]
                for item in self.env["ttcs.today"].with_user(user)._items()
                if item["count"]
            ]

        wanted = "Orders to devices that wait for you as second person"
        self.assertIn(wanted, titles(leader))
        self.assertNotIn(wanted, titles(self.manager))
        self.assertIn(leader, order._second_persons())
        self.assertNotIn(self.manager, order._second_persons())
        self.assertNotIn(self.operator, order._second_persons())

    def test_a_dialog_of_another_person_is_not_seen(self):
        order = self.order("volume", devices=self.near, volume=30)
        order.with_user(self.manager).action_submit()
        leader = self.make_user(self.committee_c, "leader")
        dialogs = self.env["ttcs.device.order.reason"].with_user(leader)
        dialog = dialogs.create({"order_id": order.id, "step": "return", "reason": "To quá"})
        with self.assert_refused(AccessError):
            dialog.with_user(self.operator).read(["reason"])
        dialog.action_confirm()
        self.assertEqual(order.return_reason, "To quá")

    # Cancelling -------------------------------------------------------------------------------

    def test_cancelling_stops_what_began_and_drops_what_did_not(self):
        order = self.order("play", devices=self.near, recording_id=self.recording().id)
        order.with_user(self.manager).action_submit()
        order.with_user(self.make_user(self.committee_c, "leader")).action_approve()
        begun, waiting = self.commands(order)
        self.env.cr.execute(
            "UPDATE ttcs_tele.command SET state = 'running' WHERE id = %s", [begun["id"]]
        )
        order.with_user(self.operator).action_cancel()
        self.assertEqual([row["state"] for row in self.commands(order)], ["running", "cancelled"])
        cancel = order.cancel_ids
        stops = self.commands(cancel)
        self.assertEqual(
            [(row["operation"], row["arguments"], row["lane"]) for row in stops],
            [
                ("stop", {"cancels": begun["id"]}, 1),
                ("stop", {"cancels": waiting["id"]}, 1),
            ],
        )
        with self.assert_refused(UserError):
            order.with_user(self.operator).action_cancel()
        self.assertEqual(order.cancelled_by_id, self.operator)

    def test_a_draft_or_waiting_order_is_cancelled_without_a_word_to_devices(self):
        order = self.order("volume", devices=self.near, volume=30)
        order.with_user(self.manager).action_submit()
        order.with_user(self.operator).action_cancel()
        self.assertEqual(order.state, "cancelled")
        with self.assert_refused(UserError):
            order.with_user(self.manager).action_submit()
        self.assertEqual(self.commands(order), [])
        self.assertFalse(order.cancel_ids)

    # Emergencies ------------------------------------------------------------------------------

    def test_an_emergency_of_one_commune_goes_out_at_once_with_its_cancel_ready(self):
        order = self.emergency(places=self.commune_c)
        order.with_user(self.operator).action_submit()
        self.assertEqual(order.state, "released")
        self.assertEqual({row["lane"] for row in self.commands(order)}, {0})
        self.assertEqual((order.cancel_ids.operation, order.cancel_ids.state), ("stop", "draft"))
        order.with_user(self.operator).action_cancel()
        self.assertEqual({row["lane"] for row in self.commands(order.cancel_ids)}, {0})
        self.assertEqual(len(order.cancel_ids), 1)

    def test_a_siren_on_a_relay_is_switched_off_by_its_cancel(self):
        order = self.emergency("relay", places=self.commune_c)
        order.with_user(self.operator).action_submit()
        order.with_user(self.operator).action_cancel()
        (command, _other) = self.commands(order.cancel_ids)
        self.assertEqual((command["operation"], command["arguments"]), ("relay", {"on": False}))

    def test_beyond_a_commune_two_persons_or_one_after_a_minute(self):
        officer = self.make_user(self.department, "devices_manager")
        leader = self.make_user(self.department, "leader")
        order = self.emergency(agency=self.department, places=self.province)
        order.with_user(officer).action_submit()
        self.assertEqual(order.state, "waiting")
        with self.assert_refused(UserError) as refusal:
            order.with_user(officer)._release_alone("Nước đang lên")
        self.assertRegex(str(refusal.exception), r"Wait (59|60) seconds")
        progress = order.with_user(officer).get_progress()
        self.assertTrue(0 < progress["wait"] <= 60 and progress["is_author"])
        self.wait_a_minute(order)
        with self.assert_refused(UserError):
            order.with_user(leader)._release_alone("Tôi không phải tác giả")
        order.with_user(officer)._release_alone("Nước đang lên, không gọi được ai")
        self.assertEqual((order.state, len(self.commands(order))), ("released", 3))
        told = self.env["mail.activity"].search(
            [("res_model", "=", order._name), ("res_id", "=", order.id)]
        )
        self.assertEqual(told.user_id, leader)
        self.assertIn("Nước đang lên", str(told.note))

    def test_the_database_keeps_the_minute_and_the_reason(self):
        order = self.emergency(agency=self.department, places=self.province)
        order.with_user(self.make_user(self.department, "devices_manager")).action_submit()
        self.env.flush_all()

        def release(values):
            self.env.cr.execute(
                f"UPDATE ttcs_device_order SET state = 'released', {values} WHERE id = %s",
                [order.id],
            )

        for values in (
            "alone_reason = 'vội'",
            "alone_reason = 'x', submitted_at = '2020-01-01'",
            "approved_by_id = 1, submitted_by_id = 2",
        ):
            with (
                self.subTest(values),
                self.assertRaises(errors.CheckViolation),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                release(values)
        self.wait_a_minute(order)
        with (
            self.assertRaises(errors.CheckViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            release("alone_reason = ''")
        release("alone_reason = 'Nước lên'")

    def test_the_second_person_sends_an_emergency_at_once(self):
        officer = self.make_user(self.department, "devices_manager")
        leader = self.make_user(self.department, "leader")
        order = self.emergency(agency=self.department, places=self.province)
        order.with_user(officer).action_submit()
        titles = [
            item["title"]
            for item in self.env["ttcs.today"].with_user(leader)._items()
            if item["count"]
        ]
        self.assertIn("EMERGENCIES that wait for you as second person", titles)
        order.with_user(leader).action_approve()
        self.assertEqual((order.state, order.approved_by_id), ("released", leader))

    def test_an_emergency_does_nothing_but_warn(self):
        with self.assert_refused(errors.CheckViolation), mute_logger("odoo.sql_db"):
            self.emergency("reboot", places=self.commune_c)
        order = self.order("volume", devices=self.near)
        with self.assert_refused(UserError):
            order.with_user(self.operator).is_emergency = True

    # How it ended -----------------------------------------------------------------------------

    def test_progress_and_results_are_what_the_devices_said(self):
        order = self.order("volume", devices=self.near + self.spare, volume=30)
        order.with_user(self.manager).action_submit()
        order.with_user(self.make_user(self.committee_c, "leader")).action_approve()
        first, second = self.commands(order)
        self.env["ttcs.device.order"]._cron_finish()
        self.assertEqual(order.state, "released")
        self.end(first, "done")
        self.end(second, "refused", "not-in-test-mode")
        progress = order.with_user(self.operator).get_progress()
        self.assertEqual(progress["counts"], {"done": 1, "refused": 1})
        self.assertEqual(progress["left_out"], 1)
        self.env["ttcs.device.order"]._cron_finish()
        self.assertEqual(order.state, "finished")
        self.assertTrue(order.finished_at)
        self.assertEqual((order.target_count, order.done_count, order.undone_count), (2, 1, 1))
        why = {row.device_id: row.code_name for row in order.command_ids}
        self.assertEqual(why[self.near[1]], "Its test mode is off")
        self.assertFalse(why[self.spare])

    def test_the_report_tells_what_became_of_it(self):
        order = self.order("volume", devices=self.near + self.spare, volume=30)
        with self.assert_refused(UserError):
            order.with_user(self.operator).action_form_pdf()
        order.with_user(self.manager).action_submit()
        order.with_user(self.make_user(self.committee_c, "leader")).action_approve()
        first, second = self.commands(order)
        self.end(first, "done")
        self.end(second, "expired")
        results = order.with_context(lang="vi_VN")._results()
        self.assertEqual(
            sorted((one.outcome, one.result) for one in results),
            [("done", "Đã xong"), ("left_out", "Bỏ qua: chưa ghi danh"), ("undone", "Hết hạn")],
        )
        self.assertEqual(order_document.by_commune(results), [("Phường Đường Thử C", 2, 1, 0, 1)])
        action = order.with_user(self.operator).action_form_docx()
        self.assertIn("content", str(action))

    def test_only_drafts_are_deleted(self):
        draft = self.order("report", devices=self.near)
        draft.with_user(self.operator).action_list_targets()
        draft.with_user(self.operator).unlink()
        sent = self.order("report", devices=self.near)
        sent.with_user(self.operator).action_submit()
        with self.assert_refused(UserError):
            sent.with_user(self.operator).unlink()
        urgent = self.emergency(places=self.commune_c)
        urgent.with_user(self.operator).action_submit()
        with self.assert_refused(UserError):
            urgent.cancel_ids.with_user(self.operator).unlink()

    def test_a_commune_sees_what_was_ordered_of_its_devices_and_by_whom_in_reach(self):
        above = self.make_user(self.department, "devices_manager")
        order = self.order("report", devices=self.near, agency=self.department)
        order.with_user(above).action_submit()
        rows = order.command_ids
        self.assertEqual(self.seen_by(self.operator, rows), rows)
        self.assertFalse(self.seen_by(self.operator, order))
        elsewhere = self.make_user(self.committee_g, "devices")
        self.assertFalse(self.seen_by(elsewhere, rows))
        self.assertEqual(self.seen_by(above, order), order)

    def test_the_screens_open_for_all_who_have_them(self):
        order = self.order("report", devices=self.near)
        order.with_user(self.operator).action_submit()
        for user in (self.operator, self.manager, self.make_user(self.committee_c, "leader")):
            for name in ("ttcs_device_order_view_form", "ttcs_device_order_view_form_emergency"):
                view = self.env.ref(f"ttcs_devices.{name}")
                described = order.with_user(user).get_view(view.id, "form")
                shown = described["models"][order._name]
                order.with_user(user).invalidate_recordset()
                self.assertTrue(order.with_user(user).read(list(shown)))
        rows = order.command_ids.with_user(self.operator)
        self.assertTrue(rows.read())
        self.assertEqual(rows[0].action_open_order()["res_id"], order.id)

    def test_orders_are_set_based(self):
        def submit(count):
            devices = self.env["ttcs.device"].create(
                [
                    {
                        "model_id": self.receiver.id,
                        "agency_id": self.committee_c.id,
                        "state": "enrolled",
                    }
                    for _ in range(count)
                ]
            )
            order = self.order("report", devices=devices)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            order.with_user(self.operator).action_submit()
            self.env.flush_all()
            order.read(["target_count", "now_count"])
            return self.env.cr.sql_log_count - before

        submit(3)
        self.assertLessEqual(submit(1_000), submit(10) + 6)


@tagged("post_install", "-at_install")
class TestDeviceSettings(OrdersCase):
    def desired(self, device, kind="cfg"):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT version, body FROM ttcs_tele.desired WHERE device_id = %s AND kind = %s",
            [device.id, kind],
        )
        return self.env.cr.fetchone()

    def test_settings_reach_the_device_as_a_new_version(self):
        device = self.near[0]
        version, body = self.desired(device)
        self.assertEqual(body, {"test": False, "interval": 60, "max_volume": 100})
        device.with_user(self.operator).write({"test_mode": True, "max_volume": 70})
        self.assertEqual(
            self.desired(device),
            (version + 1, {"test": True, "interval": 60, "max_volume": 70}),
        )
        device.with_user(self.operator).write({"max_volume": 70, "note": "x"})
        self.assertEqual(self.desired(device)[0], version + 1)
        with self.assert_refused(errors.CheckViolation), mute_logger("odoo.sql_db"):
            device.max_volume = 101

    def test_a_schedule_is_told_to_each_device_with_a_version_of_its_own(self):
        schedule = self.schedule()
        for count in (1, 2):
            order = self.order("apply_schedule", devices=self.near[0], schedule_id=schedule.id)
            order.with_user(self.operator).action_submit()
            (command,) = self.commands(order)
            self.assertEqual(command["arguments"], {"version": count})
        version, body = self.desired(self.near[0], "sched")
        self.assertEqual((version, body["utc"]), (2, 420))
        (programme,) = body["programmes"]
        self.assertEqual(
            programme,
            {
                "ref": f"P{schedule.programme_ids.id}",
                "days": [1, 2, 3, 4, 5, 6],
                "at": 315,
                "minutes": 30,
                "url": schedule.programme_ids.recording_id._url(),
                "sha256": schedule.programme_ids.recording_id.sha256,
            },
        )

    def test_a_schedule_that_was_sent_stays_and_its_copy_changes(self):
        schedule = self.schedule()
        schedule.programme_ids.minutes = 20
        order = self.order("apply_schedule", devices=self.near[0], schedule_id=schedule.id)
        order.with_user(self.operator).action_submit()
        self.assertTrue(schedule.is_ordered)
        changes = (
            lambda: schedule.programme_ids.write({"minutes": 40}),
            schedule.programme_ids.unlink,
            lambda: schedule.write({"programme_ids": [(0, 0, {"name": "Thêm"})]}),
            schedule.unlink,
        )
        for change in changes:
            with (
                self.assert_refused(IntegrityError),
                mute_logger("odoo.sql_db"),
            ):
                change()
        copy = schedule.copy()
        copy.programme_ids.minutes = 40
        self.assertEqual(copy.weekly_minutes, 6 * 40)
        self.assertEqual(schedule.weekly_minutes, 6 * 20)
        self.assertNotEqual(copy.name, schedule.name)

    def test_an_empty_schedule_and_impossible_programmes_are_refused(self):
        empty = self.env["ttcs.device.schedule"].create(
            {"name": "Trống", "agency_id": self.committee_c.id}
        )
        order = self.order("apply_schedule", devices=self.near[0], schedule_id=empty.id)
        with self.assert_refused(UserError):
            order.with_user(self.operator).action_submit()
        for values in (
            {"begins_at": 24},
            {"begins_at": -1},
            {"minutes": 0},
            {"minutes": 1441},
            {
                day: False
                for day in (
                    "monday",
                    "tuesday",
                    "wednesday",
                    "thursday",
                    "friday",
                    "saturday",
                    "sunday",
                )
            },
        ):
            with (
                self.subTest(values),
                self.assert_refused(errors.CheckViolation),
                mute_logger("odoo.sql_db"),
            ):
                empty.programme_ids = [(0, 0, {"name": "Sáng", **values})]

    def test_a_recording_keeps_its_content(self):
        recording = self.recording()
        with self.assert_refused(UserError):
            recording.content = base64.b64encode(SIREN + b"x")
        with (
            self.assertRaises(errors.CheckViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "UPDATE ttcs_device_recording SET sha256 = %s WHERE id = %s",
                ["0" * 64, recording.id],
            )
        forged = self.recording(sha256="0" * 64)
        self.assertEqual(forged.sha256, recording.sha256)

    def test_what_is_no_sound_is_refused_in_words(self):
        for content in (b"", b"<html>", b"%PDF-1.7", b"MZ" + bytes(100)):
            with self.subTest(content), self.assert_refused(UserError):
                self.recording(content=base64.b64encode(content))
        with self.assert_refused(UserError):
            self.recording(content="không phải base64")
