"""One-time codes, over HTTP as a device uses them."""

import json
from pathlib import Path

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import config

from odoo.addons.ttcs_base.instance_settings import instance_settings

from ttcs_wire.keys import BridgeKeys
from ttcs_wire.sealing import unseal

from ..wizards.ttcs_device_code import ENROL_PATH
from .common import DevicesCase


@tagged("post_install", "-at_install")
class TestDeviceEnrolment(DevicesCase, HttpCase):
    def enrol(self, body):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.url_open(ENROL_PATH, data=data, headers={"Content-Type": "application/json"})

    def test_a_code_opens_once_and_gives_what_the_device_needs(self):
        code = self.device.with_user(self.technician)._issue_code()
        answer = self.enrol({"code": code.lower().replace("-", " ")})
        told = answer.json()
        self.assertEqual(set(told), {"dev", "password", "broker", "keys"})
        self.assertEqual(told["dev"], self.device.code)
        self.assertIn("k1", told["keys"])
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertNotIn("Set-Cookie", answer.headers)
        self.device.invalidate_recordset()
        self.assertEqual(self.device.state, "enrolled")
        self.assertEqual(self.enrol({"code": code}).status_code, 403)

    def test_the_password_is_in_the_database_for_the_bridge_alone(self):
        password = self.enrol({"code": self.device._issue_code()}).json()["password"]
        self.env.cr.execute(
            "SELECT sealed FROM ttcs_tele.credential WHERE device = %s", [self.device.code]
        )
        sealed = bytes(self.env.cr.fetchone()[0])
        self.assertNotIn(password.encode(), sealed)
        folder = instance_settings(config["config"])["wire_keys"]
        keys = BridgeKeys.load(Path(folder))
        self.assertEqual(unseal(sealed, self.device.code, keys.sealing), password)

    def test_only_the_newest_code_opens_and_not_for_ever(self):
        first = self.device._issue_code()
        second = self.device._issue_code()
        self.assertEqual(self.enrol({"code": first}).status_code, 403)
        with freeze_time(fields.Datetime.add(fields.Datetime.now(), minutes=16)):
            redeemed = self.env["ttcs.device.enrolment"]._redeem(second)
        self.assertIsNone(redeemed)
        self.assertEqual(self.enrol({"code": second}).status_code, 200)

    def test_enrolling_anew_makes_new_credentials(self):
        first = self.enrol({"code": self.device._issue_code()}).json()
        second = self.enrol({"code": self.device._issue_code()}).json()
        self.assertEqual(first["dev"], second["dev"])
        self.assertNotEqual(first["password"], second["password"])
        self.assertEqual(self.asked_of_broker(self.device), ["set", "set"])

    def test_a_device_shut_out_since_is_not_enrolled(self):
        self.device._enrol()
        code = self.device._issue_code()
        self.env.flush_all()
        self.device._shut_out("Mất")
        self.assertEqual(self.enrol({"code": code}).status_code, 403)
        with self.assert_refused(UserError):
            self.device._issue_code()

    def test_nonsense_is_refused_like_a_wrong_code(self):
        for body in (
            {},
            {"code": None},
            {"code": 7},
            {"code": ["A"]},
            {"code": "A" * 5_000},
            {"code": "AAAAA-AAAAA"},
            [],
            b"\xff",
            b"{" * 4_000,
        ):
            answer = self.enrol(body)
            self.assertEqual(
                (answer.status_code, answer.json()), (403, {"error": "code-not-valid"})
            )

    def test_guessing_is_slowed_down(self):
        statuses = [self.enrol({"code": "AAAAA-AAAAA"}).status_code for _ in range(62)]
        self.assertEqual(statuses[-1], 429)
        self.assertIn("Retry-After", self.enrol({}).headers)

    def test_a_code_is_shown_to_whoever_asked_for_it_alone(self):
        action = self.device.with_user(self.technician).action_issue_code()
        shown = self.env["ttcs.device.code"].browse(action["res_id"])
        self.assertTrue(shown.with_user(self.technician).code)
        self.assertTrue(shown.qr)
        with self.assert_refused(AccessError):
            shown.with_user(self.operator).read(["code"])
        officer = self.make_user(self.committee_c, "assets")
        with self.assert_refused(AccessError):
            self.device.with_user(officer).action_issue_code()
