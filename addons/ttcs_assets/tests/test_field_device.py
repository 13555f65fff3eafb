"""Signing a phone in, and what its token opens, until when, and for whom."""

import base64
import hashlib
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.auth_totp.models.totp import hotp

from ..controllers.field_api import OTHER_FACTOR
from ..models import ttcs_field_device
from .field_common import PASSWORD, FieldCase


@tagged("post_install", "-at_install")
class TestFieldDevice(FieldCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator_c = cls.make_user(cls.committee_c, "administrator")
        cls.administrator_g = cls.make_user(cls.committee_g, "administrator")

    def sign_in(self, login=None, password=PASSWORD, token=None, **more):
        asked = {"login": login or self.technician.login, "password": password, **more}
        return self.ask("sign-in", token, json=asked)

    def assert_unauthorized(self, token, reason):
        response = self.ask("communes", token)
        self.assertEqual((response.status_code, response.json()["reason"]), (401, reason))
        self.assertTrue(response.json()["message"])
        self.assertNotIn("Set-Cookie", response.headers)

    def devices(self, user=None):
        return self.env["ttcs.field.device"].search(
            [("user_id", "=", (user or self.technician).id)]
        )

    def test_a_password_gives_a_token_of_which_only_the_hash_is_kept(self):
        response = self.sign_in(phone="Máy của tổ kỹ thuật")
        self.assertEqual(response.status_code, 200)
        self.assertNotIn("Set-Cookie", response.headers)
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        token = response.json()["token"]
        device = self.devices()
        self.assertEqual((device.name, device.state), ("Máy của tổ kỹ thuật", "active"))
        self.assertEqual((device.expires_at - device.signed_in_at).days, 90)
        self.env.cr.execute("SELECT * FROM ttcs_field_device WHERE id = %s", [device.id])
        row = self.env.cr.dictfetchone()
        self.assertNotIn(token, str(row))
        self.assertEqual(row["token_hash"], hashlib.sha256(token.encode()).hexdigest())
        self.assertEqual(self.ask("communes", token).status_code, 200)

    def test_text_that_no_database_takes_is_a_wrong_password(self):
        for login, password in (("a\x00b", "x"), (self.technician.login, "\x00\x00")):
            self.assertEqual(self.sign_in(login, password).status_code, 403)

    def test_how_long_a_token_holds_is_a_parameter(self):
        self.env["ir.config_parameter"].set_param(ttcs_field_device.DAYS_PARAMETER, "7")
        device, _token = self.make_phone(self.technician)
        self.assertEqual((device.expires_at - device.signed_in_at).days, 7)

    def test_a_wrong_password_and_an_unknown_account_answer_the_same(self):
        wrong = self.sign_in(password="khong-dung")
        unknown = self.sign_in(login="khong-co@ttcs.example")
        self.assertEqual((wrong.status_code, wrong.text), (unknown.status_code, unknown.text))
        self.assertEqual(wrong.status_code, 403)
        self.assertFalse(self.devices())

    def test_an_account_without_a_duty_in_the_field_is_told_so(self):
        user = self.make_user(self.committee_c, "people", password=PASSWORD)
        response = self.sign_in(login=user.login)
        self.assertEqual(response.status_code, 403)
        self.assertFalse(self.devices(user))

    def test_guessing_is_slowed_by_account_and_not_for_a_phone_that_is_known(self):
        _device, token = self.make_phone(self.technician)
        # Odoo's own cool-down by address is not what is tested here.
        users = self.env.registry["res.users"]
        self.startPatcher(patch.object(users, "_on_login_cooldown", lambda *_arguments: False))
        self.addCleanup(self.env.registry.__dict__.pop, "_login_failures", None)
        answers = [self.sign_in(password="khong-dung").status_code for _attempt in range(11)]
        self.assertEqual(answers, [403] * 10 + [429])
        refused = self.sign_in()
        self.assertEqual(refused.status_code, 429)
        self.assertGreater(int(refused.headers["Retry-After"]), 0)
        self.assertEqual(self.sign_in(token="x" * 43).status_code, 429)
        self.assertEqual(self.sign_in(token=token).status_code, 200)
        keys = " ".join(self.env["ttcs.rate.limit"].search([]).mapped("key"))
        self.assertNotIn(self.technician.login, keys)
        self.assertNotIn(token, keys)

    def test_odoo_own_cool_down_holds_here_too(self):
        self.addCleanup(self.env.registry.__dict__.pop, "_login_failures", None)
        self.env["ir.config_parameter"].set_param("base.login_cooldown_after", "3")
        for _attempt in range(3):
            self.sign_in(password="khong-dung")
        self.assertEqual(self.sign_in().status_code, 403)

    def test_two_factor_sign_in_asks_for_the_code(self):
        secret = base64.b32encode(b"0123456789abcdefghij").decode()
        self.technician.sudo().totp_secret = secret
        asked = self.sign_in()
        self.assertEqual(asked.status_code, 428)
        self.assertFalse(self.devices())
        now = int(datetime.now().timestamp() / 30)
        right = f"{hotp(base64.b32decode(secret), now):06d}"
        wrong = f"{(int(right) + 1) % 10**6:06d}"
        self.assertEqual(self.sign_in(code=wrong).status_code, 428)
        self.assertEqual(self.sign_in(code=f"{right[:3]} {right[3:]}").status_code, 200)

    def test_a_code_by_mail_is_refused_with_the_way_out(self):
        users = self.env.registry["res.users"]
        with (
            patch.object(users, "_mfa_type", lambda _user: "totp_mail"),
            patch.object(users, "_mfa_url", lambda _user: "/web/login/totp"),
        ):
            response = self.sign_in()
        self.assertEqual(response.status_code, 403)
        self.assertEqual(response.json()["message"], self.env(context={"lang": "vi_VN"})._(
            OTHER_FACTOR))  # fmt: skip
        self.assertFalse(self.devices())

    def test_the_reason_why_a_token_no_longer_opens_anything(self):
        device, token = self.make_phone(self.technician)
        self.assert_unauthorized(None, "missing")
        self.assert_unauthorized("short", "missing")
        self.assert_unauthorized("x" * 43, "unknown")
        device.expires_at = fields.Datetime.now() - timedelta(minutes=1)
        self.assert_unauthorized(token, "expired")
        device.expires_at = fields.Datetime.now() + timedelta(days=1)
        self.assertEqual(self.ask("communes", token).status_code, 200)
        self.technician.active = False
        self.assert_unauthorized(token, "disabled")
        self.technician.active = True
        device.action_revoke()
        self.assert_unauthorized(token, "revoked")

    def test_an_expired_phone_renews_its_row_by_the_password(self):
        device, token = self.make_phone(self.technician)
        device.expires_at = fields.Datetime.now() - timedelta(days=1)
        renewed = self.sign_in(token=token).json()
        self.assertEqual(renewed["device"], device.id)
        self.assertNotEqual(renewed["token"], token)
        self.assert_unauthorized(token, "unknown")
        self.assertEqual(self.ask("communes", renewed["token"]).status_code, 200)

    def test_the_phone_of_another_or_a_revoked_one_is_not_renewed(self):
        device, token = self.make_phone(self.technician_g)
        other = self.sign_in(token=token).json()["device"]
        self.assertNotEqual(other, device.id)
        mine, token = self.make_phone(self.technician)
        mine._revoke()
        self.assertNotEqual(self.sign_in(token=token).json()["device"], mine.id)

    def test_the_token_is_no_session_and_no_key_of_odoo(self):
        _device, token = self.make_phone(self.technician)
        headers = {"Authorization": f"Bearer {token}"}
        web = self.url_open("/odoo", headers=headers, allow_redirects=False)
        self.assertIn("/web/login", web.headers["Location"])
        rpc = self.url_open("/json/2/res.users/search", headers=headers, json={"domain": []})
        self.assertEqual(rpc.status_code, 401)

    def test_a_session_does_not_open_the_field_interface(self):
        self.authenticate(self.technician.login, PASSWORD)
        self.assert_unauthorized(None, "missing")

    def test_a_new_password_signs_all_phones_out(self):
        _device, token = self.make_phone(self.technician)
        self.technician.password = "Khac-han-2026"
        self.assert_unauthorized(token, "revoked")

    def test_signing_out_revokes_only_this_phone(self):
        _device, token = self.make_phone(self.technician)
        _other, other_token = self.make_phone(self.technician)
        self.assertEqual(self.ask("sign-out", token, method="POST").status_code, 200)
        self.assert_unauthorized(token, "revoked")
        self.assertEqual(self.ask("communes", other_token).status_code, 200)

    def test_everybody_sees_his_phones_and_an_administrator_those_in_reach(self):
        device, _token = self.make_phone(self.technician)
        device_g, _token = self.make_phone(self.technician_g)
        both = device | device_g
        self.assertEqual(self.seen_by(self.technician, both), device)
        self.assertEqual(self.seen_by(self.administrator_c, both), device)
        self.assertEqual(self.seen_by(self.administrator_g, both), device_g)
        with self.assertRaises(AccessError):
            device_g.with_user(self.technician).action_revoke()
        with self.assertRaises(AccessError):
            device.with_user(self.technician).write({"expires_at": "2099-01-01"})
        device.with_user(self.administrator_c).action_revoke()
        self.assertEqual(device.revoked_by_id, self.administrator_c)
        with self.assertRaises(UserError):
            device.with_user(self.technician).action_revoke()

    def test_when_a_phone_was_last_here_is_noted_now_and_then(self):
        device, token = self.make_phone(self.technician)
        long_ago = fields.Datetime.now() - timedelta(hours=3)
        device.last_seen = long_ago
        self.ask("communes", token)
        self.assertGreater(device.last_seen, long_ago + timedelta(hours=2))
        just_now = fields.Datetime.now() - timedelta(minutes=2)
        device.last_seen = just_now
        self.ask("communes", token)
        self.assertEqual(device.last_seen, just_now)
