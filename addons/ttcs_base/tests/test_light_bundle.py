"""Light pages' modules: shrunk without harm, addressed by content, complete in their texts."""

import doctest
import gzip
import hashlib
import re
import tempfile
from pathlib import Path
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.ttcs_base.light import app as app_module
from odoo.addons.ttcs_base.light import bundle, icon, javascript, page
from odoo.addons.ttcs_base.light.app import LightApp, register
from odoo.addons.ttcs_base.light.bundle import Bundle, BundleError, Bundles
from odoo.addons.ttcs_base.light.javascript import JavaScriptError, compact, scan
from odoo.addons.ttcs_base.light.terms import KIT_TERMS

ADDONS = Path(__file__).resolve().parents[2]
KIT = ADDONS / "ttcs_base" / "static" / "light"
KIT_BYTES = 20_000

# Pieces whose text means something else once a character is dropped, moved or joined.
TRICKY_PIECES = (
    "`a  // b ${ `c /* d */ ${1 +  1} ` }  `",
    'x => /a  b[/`]"/u.test(x)',
    "'it\\'s // \"'",
    "a + +b - -c",
    "a++ / 2",
    "a / b / c",
    "1 .toFixed(2)",
    "tag`x\n  y`",
    "return /'/",
    "/* ' */",
    "// `\n",
)


class TestJavaScript(TestCase):
    def test_doctests(self):
        for module in (javascript, bundle, icon, page):
            result = doctest.testmod(module)
            self.assertEqual(result.failed, 0, module.__name__)
            self.assertGreater(result.attempted, 0, module.__name__)

    @given(st.lists(st.sampled_from(TRICKY_PIECES), max_size=6), st.sampled_from([";\n", ", "]))
    def test_pieces_join_to_the_source_and_literals_stay_whole(self, pieces, between):
        source = between.join(pieces)
        self.assertEqual("".join(text for _kind, text in scan(source)), source)
        literals = [text for kind, text in scan(source) if kind == javascript.LITERAL]
        shrunk = [text for kind, text in scan(compact(source)) if kind == javascript.LITERAL]
        self.assertEqual(shrunk, literals)

    @given(st.lists(st.sampled_from(TRICKY_PIECES), max_size=6))
    def test_shrinking_twice_changes_nothing_more(self, pieces):
        once = compact(";\n".join(pieces))
        self.assertEqual(compact(once), once)

    def test_an_unfinished_text_names_its_line(self):
        for source in ("\n'a", "\n`a${b`", "\n/* a", "\na = /b"):
            with self.assertRaisesRegex(JavaScriptError, "line 2"):
                compact(source)


class BundleCase(TestCase):
    """A folder of add-ons of the test's own, with the kit's style and worker in their places."""

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.write("ttcs_base/static/light/light.css", "body { color: black; }")
        self.write("ttcs_base/static/light/worker.js", "// nothing\nself.a = 1;")

    def write(self, path, text):
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def locate(self, path):
        return self.folder / path

    def app(self, **values):
        return LightApp(
            scope="/try/", name="Try", short_name="Try", module="app/light/main.js", **values
        )

    def bundle(self, **values):
        return Bundle(self.app(**values), self.locate)


class TestBundle(BundleCase):
    def write_three_modules(self):
        self.write("app/light/main.js", 'import { a } from "./a.js";\nimport("./late.js");')
        self.write("app/light/a.js", "export const a = 1; // one")
        self.write("app/light/late.js", 'import { a } from "./a.js";\nexport const b = a;')

    def test_imports_become_addresses_of_what_is_sent(self):
        self.write_three_modules()
        made = self.bundle()
        modules = {file.name: file for file in made.modules}
        self.assertEqual(set(modules), {"main.js", "a.js", "late.js"})
        named = re.findall(r'"(/ttcs/light/[^"]+)"', modules["main.js"].content.decode())
        self.assertEqual(named, [modules["a.js"].address, modules["late.js"].address])
        for file in modules.values():
            self.assertIs(made.find(file.address), file)
            self.assertIn(hashlib.sha256(file.content).hexdigest()[:16], file.address)
            self.assertEqual(gzip.decompress(file.compressed), file.content)
        self.assertEqual([file.name for file in made.preloaded], ["a.js"])

    def test_a_change_below_changes_every_address_above_and_no_other(self):
        self.write_three_modules()
        self.write("app/light/late.js", "export const b = 2;")
        before = {file.name: file.address for file in self.bundle().modules}
        self.write("app/light/a.js", "export const a = 2;")
        after = {file.name: file.address for file in self.bundle().modules}
        self.assertEqual(
            {name for name in before if before[name] != after[name]},
            {
                "main.js",
                "a.js",
            },
        )

    def test_an_old_address_is_never_answered_with_new_content(self):
        self.write_three_modules()
        app, bundles = self.app(), Bundles(self.locate)
        old = bundles.of(app).entry
        self.assertIs(bundles.find(old.address, [app]), old)
        self.write("app/light/main.js", 'import { a } from "./a.js";\na.b;')
        self.assertIsNone(bundles.find(old.address, [app]))
        self.assertIsNotNone(bundles.find(bundles.of(app).entry.address, [app]))

    def test_a_broken_app_does_not_hide_the_files_of_others(self):
        self.write_three_modules()
        broken = LightApp(scope="/broken/", name="", short_name="", module="app/light/none.js")
        app, bundles = self.app(), Bundles(self.locate)
        with self.assertLogs("odoo.addons.ttcs_base.light.bundle", "ERROR"):
            self.assertIsNotNone(bundles.find(bundles.of(app).entry.address, [broken, app]))
        with self.assertRaises(BundleError):
            bundles.of(broken)

    def test_what_cannot_work_is_refused_with_the_names(self):
        cases = {
            'import { b } from "./b.js";': "app/light/b.js does not exist",
            'import { b } from "b";': "'b', which is not a path beside it",
            'import { b } from "../../../secret.js";': "not a path beside it",
            'import { a } from "./main.js";': "import each other: app/light/main.js > ",
            "const a = 'b": "main.js: line 1",
        }
        for source, message in cases.items():
            self.write("app/light/main.js", source)
            with self.subTest(source), self.assertRaisesRegex(BundleError, re.escape(message)):
                self.bundle()

    def test_scopes_are_whole_paths_and_belong_to_one_app(self):
        for scope in ("try", "/try", "/"):
            with self.assertRaises(ValueError):
                LightApp(scope=scope, name="", short_name="", module="")
        app = LightApp(scope="/test-of-scopes/", name="", short_name="", module="a.js")
        self.addCleanup(app_module._registered.pop, app.scope)
        self.assertIs(register(app), app)
        with self.assertRaisesRegex(ValueError, "a.js"):
            register(LightApp(scope=app.scope, name="", short_name="", module="b.js"))

    def test_texts_cannot_leave_their_place_in_the_page(self):
        self.write_three_modules()
        nasty = "</script><script>alert(1)</script>"
        app = self.app(terms=[nasty])
        text = page.shell(
            app,
            Bundle(app, self.locate),
            lambda term, language: term if language == "en_US" else f"{term}!",
            [],
            nasty,
        )
        self.assertNotIn("<script>alert", text)
        self.assertIn("\\u003c/script>", text)


class TestKit(TestCase):
    """The kit itself, all modules imported by one that stands for an app."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        names = sorted(path.name for path in KIT.glob("*.js") if path.name != "worker.js")
        with tempfile.TemporaryDirectory() as folder:
            entry = Path(folder) / "all.js"
            entry.write_text("".join(f'import "./{name}";\n' for name in names))
            app = LightApp(
                scope="/kit/",
                name="Kit",
                short_name="Kit",
                module="ttcs_base/static/light/all.js",
            )
            cls.bundle = Bundle(app, lambda path: entry if path == app.module else ADDONS / path)

    def test_every_text_of_the_kit_is_translated_and_no_other(self):
        listed = [term._source for term in KIT_TERMS]
        self.assertEqual(sorted(listed), sorted(self.bundle.terms))

    def test_the_kit_is_small(self):
        files = [*self.bundle.modules, *self.bundle.styles]
        size = sum(len(file.compressed) for file in files)
        self.assertLess(size + len(gzip.compress(self.bundle.worker.encode())), KIT_BYTES)

    def test_two_builds_are_the_same_bytes(self):
        first = self.bundle.kept + self.bundle.fetched_later
        self.setUpClass()
        again = self.bundle.kept + self.bundle.fetched_later
        self.assertEqual([file.address for file in again], [file.address for file in first])
        self.assertEqual([file.compressed for file in again], [f.compressed for f in first])
