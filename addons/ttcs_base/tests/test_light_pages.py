"""What Odoo sends for a light page: headers, languages, compression, and never a cookie."""

import json
import re

from odoo import http
from odoo.http import Response
from odoo.tests import HttpCase, tagged
from odoo.tools.translate import LazyTranslate

from odoo.addons.ttcs_base.controllers.light import (
    BUNDLES,
    light_manifest,
    light_page,
    light_route,
    light_worker,
)
from odoo.addons.ttcs_base.light.app import ZXING, LightApp, register
from odoo.addons.ttcs_base.light.terms import KIT_TERMS

_lt = LazyTranslate(__name__)

APP = register(
    LightApp(
        scope="/light-test/",
        name=_lt("Light <test>"),
        short_name=_lt("Test"),
        module="ttcs_base/static/light/queue.js",
        lazy_files={"zxing": ZXING},
        fresh=("/light-test/api/",),
    )
)


class LightTest(http.Controller):
    """An app as an add-on declares one; it exists while the tests run only."""

    @light_route(APP.scope)
    def light_test_page(self) -> Response:
        return light_page(APP)

    @light_route(f"{APP.scope}manifest.webmanifest")
    def light_test_manifest(self) -> Response:
        return light_manifest(APP)

    @light_route(f"{APP.scope}worker.js")
    def light_test_worker(self) -> Response:
        return light_worker(APP)


@tagged("post_install", "-at_install")
class TestLightPages(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The routes above came after the routing map was made.
        cls.env.registry.clear_cache("routing")
        cls.bundle = BUNDLES.of(APP)

    def fetch(self, path, **headers):
        return self.url_open(path, headers=headers, allow_redirects=False)

    def test_no_answer_sets_a_cookie(self):
        paths = {
            APP.scope: 200,
            APP.scope.rstrip("/"): 308,
            f"{APP.scope}worker.js": 200,
            f"{APP.scope}manifest.webmanifest": 200,
            self.bundle.entry.address: 200,
            self.bundle.icons["icon-512.png"].address: 200,
            "/ttcs/light/0123456789abcdef/queue.js": 404,
            "/ttcs/light/queue.js": 404,
        }
        for path, status in paths.items():
            self.opener.cookies.clear()
            response = self.fetch(path)
            self.assertEqual(response.status_code, status, path)
            self.assertNotIn("Set-Cookie", response.headers, path)
            self.assertEqual(response.headers["X-Content-Type-Options"], "nosniff", path)

    def test_a_session_cookie_of_the_web_client_changes_nothing(self):
        anonymous = self.fetch(APP.scope)
        self.authenticate("admin", "admin")
        known = self.fetch(APP.scope)
        self.assertEqual(known.text, anonymous.text)
        self.assertNotIn("Set-Cookie", known.headers)

    def test_the_page_runs_nothing_inline_and_nothing_from_elsewhere(self):
        response = self.fetch(APP.scope)
        policy = response.headers["Content-Security-Policy"]
        self.assertIn("default-src 'self'", policy)
        self.assertNotIn("unsafe", policy)
        self.assertEqual(response.headers["Referrer-Policy"], "no-referrer")
        self.assertIn("camera=(self)", response.headers["Permissions-Policy"])
        self.assertIn("geolocation=(self)", response.headers["Permissions-Policy"])
        scripts = re.findall(r"<script[^>]*>", response.text)
        self.assertEqual(len(scripts), 2)
        for script in scripts:
            self.assertTrue("src=" in script or "application/json" in script, script)
        self.assertNotRegex(response.text, r"<style|\sstyle=|\son\w+=")
        self.assertNotIn("http", response.text)
        self.assertIn("<title>Light &lt;test&gt;</title>", response.text)

    def test_the_page_is_vietnamese_whatever_the_phone_speaks(self):
        texts = [
            self.fetch(APP.scope, **{"Accept-Language": language}).text
            for language in ("en-US", "vi", "fr-FR,fr;q=0.8")
        ]
        self.assertEqual(len(set(texts)), 1)
        self.assertIn('<html lang="vi">', texts[0])
        data = json.loads(re.search(r'id="light-page">(.*?)</script>', texts[0])[1])
        self.assertEqual(data["terms"]["Send now"], "Gửi ngay")
        self.assertEqual(set(data["terms"]), {term._source for term in KIT_TERMS})
        self.assertEqual(data["files"]["zxing"], self.bundle.lazy_files["zxing"].address)

    def test_every_file_that_a_page_names_is_there_for_ever(self):
        page = self.fetch(APP.scope).text
        manifest = self.fetch(f"{APP.scope}manifest.webmanifest").json()
        addresses = set(re.findall(r'"(/ttcs/light/[^"]+)"', page))
        addresses |= {one["src"] for one in manifest["icons"]}
        self.assertEqual(len(addresses), 9)
        for address in addresses:
            response = self.fetch(address)
            self.assertEqual(response.status_code, 200, address)
            self.assertIn("immutable", response.headers["Cache-Control"], address)
            self.assertRegex(
                response.headers["Content-Type"],
                r"^(text/(css|javascript); charset=utf-8|image/png)$",
            )

    def test_text_is_compressed_for_those_who_can_read_it(self):
        address = self.bundle.entry.address
        small = self.fetch(address, **{"Accept-Encoding": "gzip, br"})
        self.assertEqual(small.headers["Content-Encoding"], "gzip")
        self.assertEqual(int(small.headers["Content-Length"]), len(self.bundle.entry.compressed))
        plain = self.fetch(address, **{"Accept-Encoding": "identity"})
        self.assertNotIn("Content-Encoding", plain.headers)
        self.assertEqual(plain.content, small.content)
        for response in (small, plain):
            self.assertIn("Accept-Encoding", response.headers["Vary"])
        library = self.fetch(self.bundle.lazy_files["zxing"].address)
        self.assertLess(int(library.headers["Content-Length"]), 250_000)
        self.assertEqual(len(library.content), len(self.bundle.lazy_files["zxing"].content))

    def test_an_unchanged_page_is_not_sent_twice(self):
        for path in (APP.scope, f"{APP.scope}worker.js", self.bundle.entry.address):
            version = self.fetch(path).headers["ETag"]
            again = self.fetch(path, **{"If-None-Match": version})
            self.assertEqual((again.status_code, again.content), (304, b""), path)

    def test_the_worker_belongs_to_the_page_and_may_not_be_kept(self):
        page = self.fetch(APP.scope)
        worker = self.fetch(f"{APP.scope}worker.js")
        self.assertEqual(worker.headers["Cache-Control"], "no-cache")
        self.assertEqual(page.headers["Cache-Control"], "no-cache")
        self.assertEqual(worker.headers["Service-Worker-Allowed"], APP.scope)
        configuration = json.loads(worker.text.partition("=")[2].partition(";\n")[0])
        self.assertEqual(configuration["build"], page.headers["Light-Build"])
        self.assertEqual(configuration["fresh"], ["/light-test/api/"])
        self.assertIn(self.bundle.entry.address, configuration["kept"])
        self.assertIn(self.bundle.lazy_files["zxing"].address, configuration["later"])

    def test_the_manifest_lets_a_phone_install_the_app(self):
        response = self.fetch(f"{APP.scope}manifest.webmanifest")
        self.assertEqual(response.headers["Content-Type"], "application/manifest+json")
        manifest = response.json()
        for key in ("id", "scope", "start_url"):
            self.assertEqual(manifest[key], APP.scope)
        self.assertEqual(manifest["display"], "standalone")
        self.assertEqual(manifest["lang"], "vi")
        purposes = [icon.get("purpose", "any") for icon in manifest["icons"]]
        self.assertEqual(sorted(purposes), ["any", "any", "maskable"])

    def test_the_routes_take_reading_only(self):
        response = self.url_open(APP.scope, data={"a": "b"}, allow_redirects=False)
        self.assertEqual(response.status_code, 405)
        self.assertNotIn("Set-Cookie", response.headers)
