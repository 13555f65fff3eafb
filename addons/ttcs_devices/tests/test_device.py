"""The registry: codes for life, fittings with history, who may do what."""

import doctest

from psycopg2 import errors

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .. import bridge_keys, enrolment_codes
from .common import DevicesCase


@tagged("post_install", "-at_install")
class TestDevice(DevicesCase):
    def test_examples_hold(self):
        for module in (bridge_keys, enrolment_codes):
            self.assertEqual(doctest.testmod(module).failed, 0)

    def test_a_code_is_random_and_stays(self):
        self.assertRegex(self.device.code, r"^[0-9a-z]{16}$")
        self.assertNotEqual(self.device.code, self.spare.code)
        with self.assert_refused(UserError):
            self.device.with_user(self.manager).code = "0" * 16
        with self.assert_refused(errors.CheckViolation) as refusal, mute_logger("odoo.sql_db"):
            self.device.code = "0" * 16
        self.assertEqual(refusal.exception.diag.constraint_name, "ttcs_device_steps")

    def test_a_serial_number_is_one_device_of_its_model(self):
        self.device.serial_no = "A1"
        with self.assert_refused(errors.UniqueViolation), mute_logger("odoo.sql_db"):
            self.spare.serial_no = "A1"

    def test_a_fitted_device_stands_where_its_asset_stands(self):
        self.device.with_user(self.technician)._fit(self.cluster_g.with_user(self.env.user))
        self.assertEqual(self.device.unit_id, self.hamlet_g)
        self.assertEqual(self.device.agency_id, self.committee_g)
        self.env.flush_all()
        self.cluster_g.write({"unit_id": self.commune_g.id})
        self.env.flush_all()
        self.device.invalidate_recordset()
        self.assertEqual(self.device.unit_id, self.commune_g)

    def test_a_fitted_device_does_not_go_elsewhere_alone(self):
        self.device._fit(self.cluster)
        with self.assert_refused(UserError) as refusal:
            self.device.with_user(self.manager).agency_id = self.committee_g
        self.assertIn(self.cluster.name, str(refusal.exception))

    def test_a_replaced_controller_leaves_the_asset_its_history(self):
        self.device._fit(self.cluster)
        self.env.flush_all()
        self.spare.with_user(self.technician)._fit(self.cluster, self.device, "Cháy nguồn")
        self.env.flush_all()
        self.env.invalidate_all()
        fittings = self.cluster.device_fitting_ids.sorted("id")
        self.assertEqual(fittings.device_id, self.device + self.spare)
        self.assertEqual(fittings.mapped("reason"), ["Cháy nguồn", False])
        self.assertEqual([bool(row.taken_off_at) for row in fittings], [True, False])
        self.assertEqual(self.cluster.device_ids, self.spare)
        self.assertFalse(self.device.unit_id)
        self.assertEqual(self.device.agency_id, self.committee_c)

    def test_a_device_that_is_entered_as_fitted_has_its_history_too(self):
        place = {"unit_id": self.hamlet_c.id, "equipment_id": self.cluster.id}
        device = self.make_device(self.committee_c, **place)
        self.env.flush_all()
        self.assertEqual(self.cluster.device_fitting_ids.device_id, device)

    def test_a_device_is_not_fitted_twice_nor_to_what_is_gone(self):
        self.device._fit(self.cluster)
        with self.assert_refused(UserError) as refusal:
            self.device._fit(self.cluster_g)
        self.assertIn(self.cluster.name, str(refusal.exception))
        self.cluster_g.active = False
        with self.assert_refused(UserError):
            self.spare._fit(self.cluster_g)

    def test_the_history_of_fittings_is_not_rewritten(self):
        self.device._fit(self.cluster)
        self.env.flush_all()
        row = self.device.fitting_ids
        for statement in (
            "UPDATE ttcs_device_fitting SET fitted_at = '2020-01-01' WHERE id = %s",
            "DELETE FROM ttcs_device_fitting WHERE id = %s",
        ):
            with (
                self.assertRaises(errors.CheckViolation),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement, [row.id])

    def test_steps_are_taken_by_those_who_may(self):
        officer = self.make_user(self.committee_c, "assets")
        elsewhere = self.make_user(self.committee_g, "devices_manager")
        for user in (officer, elsewhere):
            with self.assert_refused(AccessError):
                self.device.with_user(user)._fit(self.cluster)
        self.device._enrol()
        self.env.flush_all()
        for user in (officer, elsewhere, self.operator, self.technician):
            with self.assert_refused(AccessError):
                self.device.with_user(user)._shut_out("Mất")
        for values in ({"state": "retired"}, {"equipment_id": self.cluster.id}, {"reason": "x"}):
            with self.assert_refused(UserError):
                self.device.with_user(self.manager).write(values)

    def test_shutting_out_tells_bridge_and_broker_and_can_be_undone(self):
        self.device._enrol()
        self.assertTrue(self.told_to_bridge(self.device))
        self.device.with_user(self.manager)._shut_out("Nghi bị lấy cắp")
        self.assertIs(self.told_to_bridge(self.device), False)
        self.device.with_user(self.manager).action_let_in()
        self.assertTrue(self.told_to_bridge(self.device))
        self.assertEqual(self.asked_of_broker(self.device), ["set", "shut_out", "let_in"])
        self.assertFalse(self.device.reason)

    def test_a_retired_device_is_off_its_asset_and_does_not_come_back(self):
        self.device._enrol()
        self.device._fit(self.cluster)
        self.env.flush_all()
        self.device.with_user(self.manager)._retire("Hỏng hẳn")
        self.env.flush_all()
        self.assertFalse(self.device.equipment_id)
        self.assertIs(self.told_to_bridge(self.device), False)
        self.assertEqual(self.asked_of_broker(self.device), ["set", "remove"])
        for act in (self.device._issue_code, lambda: self.device._fit(self.cluster)):
            with self.assert_refused(UserError):
                act()
        with self.assert_refused(errors.CheckViolation), mute_logger("odoo.sql_db"):
            self.device.state = "enrolled"

    def test_only_what_was_never_enrolled_is_deleted(self):
        code = self.spare.code
        self.device._enrol()
        self.env.flush_all()
        with self.assert_refused(errors.CheckViolation), mute_logger("odoo.sql_db"):
            self.device.unlink()
        self.spare.with_user(self.manager).unlink()
        self.env.flush_all()
        self.env.cr.execute("SELECT count(*) FROM ttcs_tele.device WHERE code = %s", [code])
        self.assertEqual(self.env.cr.fetchone()[0], 0)
