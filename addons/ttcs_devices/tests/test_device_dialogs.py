"""The dialogs of devices, each its user's own."""

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import DevicesCase


@tagged("post_install", "-at_install")
class TestDeviceDialogs(DevicesCase):
    def dialog(self, model, user, **values):
        return self.env[model].with_user(user).create(values)

    def test_fitting_and_replacing(self):
        values = {"device_id": self.device.id, "equipment_id": self.cluster.id}
        self.dialog("ttcs.device.fit", self.technician, **values).action_fit()
        self.assertEqual(self.device.equipment_id, self.cluster)
        values = {"device_id": self.spare.id, "equipment_id": self.cluster.id}
        again = self.dialog(
            "ttcs.device.fit",
            self.technician,
            **values,
            replaced_id=self.device.id,
            reason="Cháy nguồn",
        )
        self.assertEqual(again.fitted_ids, self.device)
        again.action_fit()
        self.assertEqual(self.cluster.device_ids, self.spare)
        self.assertEqual(self.device.fitting_ids.reason, "Cháy nguồn")

    def test_steps_with_their_reasons(self):
        self.device._enrol()
        self.device._fit(self.cluster)
        both = {"device_ids": self.device.ids}
        for step, state in (("shut_out", "shut_out"), ("retire", "retired")):
            dialog = self.dialog(
                "ttcs.device.step", self.manager, **both, step=step, reason=" Mất "
            )
            dialog.action_confirm()
            self.env.flush_all()
            self.assertEqual((self.device.state, self.device.reason), (state, "Mất"))
        with self.assert_refused(ValidationError):
            self.dialog("ttcs.device.step", self.manager, **both, step="retire", reason="  ")

    def test_taking_off(self):
        self.device._fit(self.cluster)
        self.dialog(
            "ttcs.device.step",
            self.technician,
            device_ids=self.device.ids,
            step="take_off",
            reason="Sửa",
        ).action_confirm()
        self.assertFalse(self.device.equipment_id)
        self.assertEqual(self.device.fitting_ids.reason, "Sửa")

    def test_nobody_opens_the_dialog_of_another(self):
        fit = {"device_id": self.device.id, "equipment_id": self.cluster.id}
        step = {"device_ids": self.device.ids, "step": "take_off", "reason": "Sửa"}
        dialogs = [
            self.dialog("ttcs.device.fit", self.technician, **fit),
            self.dialog("ttcs.device.step", self.technician, **step),
            self.env["ttcs.device.code"].browse(
                self.device.with_user(self.technician).action_issue_code()["res_id"]
            ),
        ]
        for dialog in dialogs:
            self.assertTrue(dialog.with_user(self.technician).read(["display_name"]))
            with self.assert_refused(AccessError):
                dialog.with_user(self.operator).read(["display_name"])
