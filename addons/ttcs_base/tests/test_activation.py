"""Activation slips: a code opens an account once, and only its own."""

import base64
import io
import re
from datetime import timedelta
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from odoo import fields
from odoo.exceptions import AccessDenied, AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..accounts.activation_code import canonical_code, code_matches, hash_code, new_code
from ..accounts.password_rule import password_fault
from .common import TtcsCase

PASSWORD = "Cụm loa ấp ba hát to"


class SlipCase(TtcsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.make_user(cls.committee_c, "user", "people_manager")
        cls.person = cls.make_person(cls.committee_c, email="moi@ttcs.example")
        cls.person.with_user(cls.manager).action_open_account()

    def issue(self, person=None):
        """Print a slip; gives the code that stands on it."""
        codes = []

        def remember():
            codes.append(new_code())
            return codes[-1]

        # The code is printed and nowhere else: the test reads over the printer's shoulder.
        with patch("odoo.addons.ttcs_base.models.ttcs_activation.new_code", remember):
            (person or self.person).with_user(self.manager).action_issue_slips()
        return codes[-1]

    def redeem(self, code, login="moi@ttcs.example", password=PASSWORD):
        return self.env["ttcs.activation"].sudo()._redeem(login, code, password)


@tagged("post_install", "-at_install")
class TestActivation(SlipCase):
    def signs_in(self, password):
        user = self.person.user_id
        credential = {"type": "password", "login": user.login, "password": password}
        try:
            with mute_logger("odoo.addons.base.models.res_users"):
                user.with_user(user)._check_credentials(credential, {"interactive": False})
        except AccessDenied:
            return False
        return True

    def test_code_opens_the_account_once(self):
        code = self.issue()
        self.assertFalse(self.signs_in(PASSWORD))
        self.assertTrue(self.redeem(code.lower().replace("-", " ")))
        self.assertTrue(self.signs_in(PASSWORD))
        self.assertFalse(self.redeem(code, password="Một mật khẩu khác hẳn"))
        self.assertTrue(self.signs_in(PASSWORD))

    def test_wrong_code_login_or_expired_slip_opens_nothing(self):
        code = self.issue()
        self.assertFalse(self.redeem(new_code()))
        self.assertFalse(self.redeem(code, login="khac@ttcs.example"))
        slip = self.person.activation_ids.filtered(lambda slip: slip.state == "issued")
        slip.sudo().expires_at = fields.Datetime.now() - timedelta(minutes=1)
        self.assertTrue(slip.is_expired)
        self.assertFalse(self.redeem(code))
        self.assertFalse(self.signs_in(PASSWORD))

    def test_second_slip_voids_the_first(self):
        first, second = self.issue(), self.issue()
        self.assertFalse(self.redeem(first))
        self.assertTrue(self.redeem(second))
        states = self.person.activation_ids.sorted("id").mapped("state")
        self.assertEqual(states[-2:], ["void", "used"])

    def test_code_is_printed_and_not_stored(self):
        action = self.person.with_user(self.manager).action_issue_slips()
        content = base64.b64decode(action["params"]["content"])
        text = PdfReader(io.BytesIO(content)).pages[0].extract_text()
        code = re.search(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}\b", text)[0]
        self.assertIn("moi@ttcs.example", text)
        self.assertIn("/ttcs/activate", text)
        self.env.cr.execute("SELECT to_jsonb(a)::text FROM ttcs_activation a")
        stored = " ".join(row for (row,) in self.env.cr.fetchall())
        self.assertNotIn(canonical_code(code), canonical_code(stored))
        self.assertTrue(self.redeem(code))

    def test_slips_are_for_managers_of_the_people_concerned(self):
        stranger = self.make_user(self.committee_g, "user", "people_manager")
        colleague = self.make_user(self.committee_c, "user")
        above = self.make_user(self.committee_c, "administrator")
        above_person = above.ttcs_person_ids
        for user, person in (
            (stranger, self.person),
            (colleague, self.person),
            (self.manager, above_person),
        ):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                person.with_user(user).action_issue_slips()

    def test_hash_of_a_code_is_read_by_nobody(self):
        self.issue()
        slip = self.person.activation_ids[:1].with_user(self.manager)
        with self.assertRaises(AccessError):
            slip.read(["code_hash"])

    def test_person_without_account_gets_none_by_a_slip(self):
        nobody = self.make_person(self.committee_c)
        with self.assertRaisesRegex(UserError, "no account yet"):
            nobody.with_user(self.manager).action_issue_slips()
        with self.assertRaisesRegex(UserError, "e-mail or a telephone"):
            nobody.with_user(self.manager).action_open_account()

    def test_account_has_no_more_than_the_duties(self):
        user = self.person.user_id
        groups = user.all_group_ids
        self.assertNotIn(self.env.ref("base.group_erp_manager"), groups)
        self.assertNotIn(self.env.ref("ttcs_base.ttcs_base_group_people_manager"), groups)

    def test_many_slips_fill_sheets_of_eight(self):
        people = self.env["ttcs.person"].union(
            *(
                self.make_person(self.committee_c, email=f"nguoi{number}@ttcs.example")
                for number in range(9)
            )
        )
        action = people.with_user(self.manager).action_open_account()
        pages = PdfReader(io.BytesIO(base64.b64decode(action["params"]["content"]))).pages
        self.assertEqual(len(pages), 2)
        self.assertEqual(pages[0].extract_text().count("@ttcs.example"), 8)

    @settings(max_examples=200, deadline=None)
    @given(st.text(max_size=60))
    def test_typed_codes_never_raise(self, typed):
        self.assertRegex(canonical_code(typed), r"\A\w*\Z")
        self.assertFalse(code_matches(typed, None))

    @settings(max_examples=300, deadline=None)
    @given(st.text(max_size=150), st.text(max_size=40))
    def test_passwords_are_judged_whatever_they_hold(self, password, login):
        fault = password_fault(password, login)
        self.assertIn(fault, (None, "short", "long", "login", "simple"))
        if len(password) < 10:
            self.assertEqual(fault, "short")

    def test_code_survives_case_and_grouping(self):
        code = new_code()
        stored = hash_code(code)
        for typed in (code.lower(), code.replace("-", ""), f" {code} "):
            self.assertTrue(code_matches(typed, stored))


@tagged("post_install", "-at_install")
class TestActivationPage(SlipCase, HttpCase):
    def post(self, **values):
        values = {"password": PASSWORD, "password_again": PASSWORD, **values}
        return self.url_open("/ttcs/activate", data=values)

    def assert_outcome(self, outcome, answer):
        self.assertEqual(re.search(r'data-outcome="(\w+)"', answer.text)[1], outcome)

    def test_person_opens_the_account_and_signs_in(self):
        code = self.issue()
        answer = self.post(login="MOI@ttcs.example ", code=code.lower())
        self.assert_outcome("open", answer)
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertIn("frame-ancestors 'none'", answer.headers["Content-Security-Policy"])
        self.authenticate("moi@ttcs.example", PASSWORD)

    def test_after_five_wrong_tries_the_right_code_waits_an_hour(self):
        code = self.issue()
        for _ in range(5):
            answer = self.post(login="moi@ttcs.example", code=new_code())
            self.assert_outcome("refused", answer)
        self.assert_outcome("waiting", self.post(login="moi@ttcs.example", code=code))
        count = self.env["ttcs.activation.try"].search([("login", "=", "moi@ttcs.example")])
        count.begun_at -= timedelta(hours=1, minutes=1)
        self.env.flush_all()
        answer = self.post(login="moi@ttcs.example", code=code)
        self.assert_outcome("open", answer)

    def test_unknown_login_is_answered_like_a_wrong_code_and_counted_too(self):
        self.issue()
        wrong = self.post(login="moi@ttcs.example", code=new_code()).text
        unknown = self.post(login="khong-co@ttcs.example", code=new_code()).text
        forget = re.compile(r'(value|name)="[^"]*"')
        self.assertEqual(forget.sub("", wrong), forget.sub("", unknown))
        for _ in range(4):
            self.post(login="khong-co@ttcs.example", code=new_code())
        answer = self.post(login="khong-co@ttcs.example", code=new_code())
        self.assert_outcome("waiting", answer)

    def test_weak_or_mistyped_password_costs_no_try(self):
        code = self.issue()
        for password, again in (
            ("ngan", "ngan"),
            ("1234567890", "1234567890"),
            (PASSWORD, "khác"),
            (PASSWORD, ""),
        ):
            answer = self.post(
                login="moi@ttcs.example", code=code, password=password, password_again=again
            )
            self.assert_outcome("incomplete", answer)
        counted = self.env["ttcs.activation.try"].search([("login", "=", "moi@ttcs.example")])
        self.assertFalse(counted)

    def test_junk_gets_a_page_and_no_traceback(self):
        junk = "\x00'\"><script>alert(1)</script>\ud83d\udce2".encode("utf-16", "surrogatepass")
        text = junk.decode("utf-16")
        for values in (
            {"login": text, "code": text},
            {"login": "x" * 5000, "code": "y" * 5000},
            {"login": "", "code": ""},
        ):
            answer = self.post(**values)
            self.assertEqual(answer.status_code, 200)
            self.assertNotIn("Traceback", answer.text)
            self.assertNotIn("<script>alert", answer.text)
        for address in ("/ttcs/activate?login=%00%ff", "/ttcs/activate?login[]=1&x=%"):
            self.assertEqual(self.url_open(address).status_code, 200)
