"""The page of the field app: its texts, its size, and where it may be opened."""

import json
import re

from odoo.tests import HttpCase, tagged

from odoo.addons.ttcs_base.controllers.light import BUNDLES
from odoo.addons.ttcs_base.light.terms import KIT_TERMS

from ..controllers.field_app import FIELD_APP
from ..controllers.field_terms import FIELD_TERMS

KILOBYTE = 1024


@tagged("post_install", "-at_install")
class TestFieldPage(HttpCase):
    def test_every_text_of_the_modules_can_be_translated(self):
        listed = [term._source for term in (*KIT_TERMS, *FIELD_TERMS)]
        used = BUNDLES.of(FIELD_APP).terms
        self.assertEqual(used - set(listed), set())
        self.assertEqual({term._source for term in FIELD_TERMS} - used, set())

    def test_the_page_starts_the_app_without_a_cookie(self):
        response = self.url_open("/kt/")
        self.assertEqual(response.status_code, 200)
        self.assertNotIn("Set-Cookie", response.headers)
        page = re.search(r'id="light-page">(.*?)</script>', response.text)[1]
        self.assertEqual(json.loads(page)["scope"], "/kt/")
        self.assertIn(BUNDLES.of(FIELD_APP).entry.address, response.text)

    def test_worker_and_manifest_belong_to_the_scope(self):
        worker = self.url_open("/kt/worker.js")
        self.assertEqual(worker.headers["Service-Worker-Allowed"], "/kt/")
        manifest = self.url_open("/kt/manifest.webmanifest").json()
        self.assertEqual((manifest["scope"], manifest["start_url"]), ("/kt/", "/kt/"))

    def test_the_first_visit_is_light(self):
        bundle = BUNDLES.of(FIELD_APP)
        files = [*bundle.kept, bundle.icons["icon-180.png"]]
        paths = ["/kt/", "/kt/worker.js", "/kt/manifest.webmanifest"]
        paths += [file.address for file in files]
        sizes = {
            path: int(self.url_open(path).headers["Content-Length"])
            for path in dict.fromkeys(paths)
        }
        self.assertLess(sum(sizes.values()), 120 * KILOBYTE, sizes)
        self.assertLess(sum(len(file.compressed) for file in bundle.modules), 60 * KILOBYTE)
