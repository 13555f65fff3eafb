"""What anybody sees who scans or types a code, what it costs, and who is counted."""

import re
from datetime import date
from html import unescape

from odoo.tests import tagged

from ..tagging import KeyRing
from .common import AssetsCase
from .field_common import PHONE_AGENT, FieldCase

SECRETS = {
    "serial_no": "SERIAL-7731",
    "sim_number": "0912000777",
    "original_cost": 87654000,
    "code": "NB-0001",
    "ledger_code": "LEDGER-55",
    "site_note": "Cột trước nhà ông trưởng ấp",
    "latitude": 10.412345,
    "longitude": 105.698765,
    "manufacturer": "Hãng bí mật",
}


@tagged("post_install", "-at_install")
class TestFaces(FieldCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.committee_c.phone = "0277 385 1234"
        cls.hamlet_c.write({"head_name": "Người trưởng ấp", "head_phone": "0977000111"})
        cls.custodian = cls.make_person(cls.committee_c, "Người giữ tài sản", phone="0966000222")
        cls.cluster.write(
            {
                **SECRETS,
                "name": "Cụm loa thử <b>số 9</b>",
                "custodian_id": cls.custodian.id,
                "condition": "broken",
                "condition_date": date(2026, 3, 9),
            }
        )
        cls.tag = cls.make_tag_on(cls.cluster)

    def open(self, path, method="GET", **headers):
        headers = {"User-Agent": PHONE_AGENT, **headers}
        return self.url_open(path, headers=headers, method=method, allow_redirects=False)

    def text_of(self, response):
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.text)).split())

    def scans(self):
        return self.env["ttcs.tag.scan"].search([("tag_id", "=", self.tag.id)])

    def test_a_citizen_sees_what_it_is_how_it_is_and_whom_to_call(self):
        response = self.open(f"/A/{self.tag.code}")
        self.assertEqual(response.status_code, 200)
        text = self.text_of(response)
        for wanted in (
            "Cụm loa thử <b>số 9</b>",
            self.cluster.category_id.with_context(lang="vi_VN").name,
            f"{self.hamlet_c.full_name}, {self.commune_c.full_name}",
            "3/2026",
            self.committee_c.name,
            "0277 385 1234",
            self.tag.spoken_code_shown,
        ):
            self.assertIn(wanted, text)
        self.assertIn('href="tel:02773851234"', response.text)
        self.assertNotIn("<b>", response.text)

    def test_nothing_but_the_whitelist_reaches_the_page(self):
        body = self.open(f"/A/{self.tag.code}").text
        planted = [str(value) for value in SECRETS.values()]
        planted += [self.custodian.name, self.custodian.phone, "87.654.000", "87,654,000"]
        planted += [self.hamlet_c.head_name, self.hamlet_c.head_phone, "10.41", "105.69"]
        for secret in planted:
            self.assertNotIn(secret, body)
        self.assertNotIn(f'"{self.cluster.id}"', body)

    def test_every_column_of_the_statement_is_one_of_the_face(self):
        self.assertEqual(
            set(self.env["ttcs.tag"]._face(self.tag.code)._fields),
            {
                *("status", "tag_id", "asset_id", "spoken_code", "name", "kind", "hamlet"),
                *("commune", "condition", "condition_since", "checked_on", "agency", "phone"),
            },
        )

    def test_any_spelling_of_the_code_and_the_call_code_lead_to_the_same_page(self):
        wanted = self.open(f"/A/{self.tag.code}").text
        for spelling in (
            f"/a/{self.tag.code.lower()}",
            f"/A/{self.tag.code.replace('0', 'O').replace('1', 'l')}",
            f"/a/{self.tag.spoken_code}",
            f"/a/{self.tag.spoken_code_shown}",
        ):
            self.assertEqual(self.open(spelling).text, wanted, spelling)

    def test_a_typed_code_leads_to_the_address_of_its_face(self):
        form = self.open("/a")
        self.assertIn('name="code"', form.text)
        for typed in ("1234 5679", "1234-5679", "HTTPS://QR.EXAMPLE.VN/A/12345679"):
            answer = self.url_open("/a", params={"code": typed}, allow_redirects=False)
            self.assertEqual(answer.status_code, 303)
            self.assertTrue(answer.headers["Location"].endswith("/a/12345679"))

    def test_everybody_gets_the_same_page_and_no_cookie(self):
        anonymous = self.open(f"/A/{self.tag.code}")
        self.assertEqual(anonymous.headers["Cache-Control"], "public, max-age=60")
        self.assertNotIn("Set-Cookie", anonymous.headers)
        self.assertNotIn("Vary", anonymous.headers)
        policy = anonymous.headers["Content-Security-Policy"]
        self.assertIn("default-src 'self'", policy)
        self.assertIn("frame-ancestors 'none'", policy)
        self.assertEqual(anonymous.headers["Referrer-Policy"], "no-referrer")
        self.assertNotRegex(anonymous.text, r"<script(?![^>]*\bsrc=)|\son\w+=|style=")
        self.authenticate(self.technician.login, "Vung-chac-2026")
        as_officer = self.open(f"/A/{self.tag.code}", **{"Accept-Language": "en-US"})
        self.assertEqual(as_officer.text, anonymous.text)
        self.assertNotIn("Set-Cookie", as_officer.headers)

    def test_a_blank_tag_says_so_and_leads_the_technician_on(self):
        blank = self.make_tags()
        text = self.text_of(response := self.open(f"/A/{blank.code}"))
        self.assertEqual(response.status_code, 200)
        self.assertIn(blank.spoken_code_shown, text)
        self.assertIn('href="/kt/"', response.text)
        self.assertIn("face.js", response.text)

    def test_a_revoked_tag_shows_the_asset_only_while_another_is_on_it(self):
        self.tag._revoke("Bị cào xước")
        gone = self.text_of(self.open(f"/A/{self.tag.code}"))
        self.assertNotIn("Cụm loa thử", gone)
        new = self.make_tag_on(self.cluster)
        replaced = self.text_of(self.open(f"/A/{self.tag.code}"))
        self.assertIn("Cụm loa thử", replaced)
        self.assertIn(new.spoken_code_shown, replaced)
        self.assertNotIn(self.tag.spoken_code_shown, replaced)
        self.assertNotIn("Bị cào xước", replaced)

    def test_a_void_tag_is_out_of_use(self):
        void = self.make_tags()
        void._revoke("In hỏng")
        response = self.open(f"/A/{void.code}")
        self.assertEqual(response.status_code, 200)
        self.assertNotIn("In hỏng", response.text)
        self.assertIn(void.spoken_code_shown, self.text_of(response))

    def test_what_was_disposed_of_is_no_longer_to_be_reported(self):
        self.cluster.life_state = "disposed"
        response = self.open(f"/A/{self.tag.code}")
        self.assertNotIn('tel:02773851234">0277 385 1234</a> and', response.text)
        self.assertNotIn('class="report"', response.text)
        self.assertIn('class="condition gone"', response.text)

    def test_a_forged_or_unknown_code_is_a_clear_warning(self):
        forged = KeyRing.generate().sign(self.tag.identifier)
        wrong_call_code = self.tag.spoken_code[:-1] + str((int(self.tag.spoken_code[-1]) + 1) % 10)
        for code in (forged, "xin-chao", wrong_call_code, "0" * 18, "%00", "A" * 500):
            response = self.open(f"/A/{code}")
            self.assertEqual(response.status_code, 404, code)
            self.assertIn('role="alert"', response.text)
            self.assertNotIn("Cụm loa", response.text)
            # A page for nothing genuine opens no app.
            self.assertNotIn("<script", response.text)

    def test_looking_again_does_not_change_since_when_it_is_broken(self):
        self.cluster.write({"condition": "broken", "condition_date": date(2026, 5, 2)})
        text = self.text_of(self.open(f"/A/{self.tag.code}"))
        self.assertIn("3/2026", text)
        self.assertIn("5/2026", text)
        self.cluster.write({"condition": "good", "condition_date": date(2026, 6, 1)})
        self.assertEqual(self.cluster.condition_since, date(2026, 6, 1))

    def test_a_person_is_counted_without_any_trace_of_who_it_was(self):
        self.open(f"/A/{self.tag.code}")
        scan = self.scans()
        self.assertEqual(len(scan), 1)
        self.assertEqual((scan.face, scan.user_id.id, scan.latitude), ("citizen", False, 0))
        self.assertFalse({"ip", "address", "agent"} & set(scan._fields))

    def test_heads_robots_previews_and_prefetches_are_not_counted(self):
        path = f"/A/{self.tag.code}"
        self.open(path, method="HEAD")
        for agent in ("facebookexternalhit/1.1", "Mozilla/5.0 (compatible; bingbot/2.0)", ""):
            self.open(path, **{"User-Agent": agent})
        self.open(path, **{"Sec-Purpose": "prefetch;prerender"})
        self.open(path, **{"Purpose": "prefetch"})
        self.assertFalse(self.scans())
        self.open(f"/A/{KeyRing.generate().sign(self.tag.identifier)}")
        self.assertFalse(self.scans())


@tagged("post_install", "-at_install")
class TestFaceCost(AssetsCase):
    def test_a_forged_code_asks_the_database_nothing(self):
        tags = self.env["ttcs.tag"]
        tag = tags._issue([{"agency_id": self.committee_c.id}])
        tags._face(tag.code)
        forged = KeyRing.generate().sign(tag.identifier)
        self.env.flush_all()
        with self.assertQueryCount(0):
            self.assertEqual(tags._face(forged).status, "forged")
            self.assertEqual(tags._face("12345678").status, "forged")

    def test_a_good_code_costs_one_query(self):
        tag = self.env["ttcs.tag"]._issue([{"agency_id": self.committee_c.id}])
        tag._assign(self.cluster)
        tag._face(tag.code)
        with self.assertQueryCount(1):
            self.assertEqual(self.env["ttcs.tag"]._face(tag.code).status, "assigned")
        with self.assertQueryCount(1):
            self.assertEqual(self.env["ttcs.tag"]._face(tag.spoken_code).status, "assigned")
