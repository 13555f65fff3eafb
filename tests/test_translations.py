"""Every text of the suite in Vietnamese: none missing, none damaged, and all of them shown.

A new or changed text turns these tests red until ``scripts/export_terms.py`` has been run and
``i18n/vi.po`` holds its translation.
"""

from __future__ import annotations

import doctest
import re
import sys
import unicodedata

import export_terms
import polib

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from odoo.addons.ttcs_base.light.javascript import terms as terms_of_script

VIETNAMESE = "vi_VN"
# What is filled in when a text is shown, and the tags of markup.
PLACEHOLDER = re.compile(r"%\(\w+\)[-+ #0-9.]*[a-z]|%[sdf]\b|\{\{.*?\}\}|\{\w*\}")
TAG = re.compile(r"<[^<>]+>")
TRANSLATED_ATTRIBUTE = re.compile(r'\b(title|alt|placeholder|aria-label)="[^"]*"')
# Words that the glossary replaces by others.
FORBIDDEN = re.compile(r"\b(vé|ticket|billboard|lệnh sản xuất|chứng chỉ)\b", re.IGNORECASE)
# Where a text of the database came from: model, field and external id of a record.
RECORD = re.compile(r"model:(ir\.(?:model[\w.]*|ui\.menu)),(\w+):([\w.]+)")
ENGLISH_WORD = re.compile(r"[A-Za-z]{3,}")
# The same in both languages, beside texts that are Vietnamese in the source already.
SAME_IN_BOTH = {"%(reason)s: %(count)s", "ABCDE-12345", "dBm", "SMS", "Zalo"}


def placeholders(text: str) -> set[str]:
    """
    >>> sorted(placeholders("{{ name }}: %(count)s of %s, 5 %"))
    ['%(count)s', '%s', '{{ name }}']
    """
    return set(PLACEHOLDER.findall(text))


def tags(text: str) -> list[str]:
    """The tags of a text, whatever their attributes for people say.

    >>> tags('Tap <b title="Now">here</b><br/>')
    ['</b>', '<b title>', '<br/>']
    """
    return sorted(TRANSLATED_ATTRIBUTE.sub(r"\1", tag) for tag in TAG.findall(text))


def is_vietnamese(text: str) -> bool:
    """Whether a text has letters that English does not have.

    >>> is_vietnamese("Xã"), is_vietnamese("FM")
    (True, False)
    """
    return any(ord(letter) > 127 and letter.isalpha() for letter in text)


@tagged("post_install", "-at_install")
class TestCatalogues(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.exported = export_terms.exported_templates(cls.env)
        cls.translated = {
            addon: polib.pofile(str(export_terms.translation_path(addon)))
            for addon in cls.exported
        }

    def entries(self):
        """Every text that has a translation, as ``(add-on, entry)``."""
        return [
            (addon, entry) for addon, po in self.translated.items() for entry in po if entry.msgstr
        ]

    def assert_own_words_are_shown(self):
        for _addon, entry in self.entries():
            for place, _line in entry.occurrences:
                found = RECORD.fullmatch(place)
                record = found and self.env.ref(found[3], raise_if_not_found=False)
                if record:
                    shown = record.with_context(lang=VIETNAMESE)[found[2]]
                    self.assertEqual(shown, entry.msgstr, found[3])

    def test_labels_and_menus_show_the_words_of_the_suite_and_not_those_of_core(self):
        self.assert_own_words_are_shown()

    def test_the_words_of_the_suite_stay_when_the_language_is_loaded_again(self):
        language = self.env.ref("base.lang_vi_VN")
        self.env["base.language.install"].create(
            {"lang_ids": language.ids, "overwrite": True}
        ).lang_install()
        self.assert_own_words_are_shown()

    def test_doctests(self):
        for module in (export_terms, sys.modules[__name__]):
            result = doctest.testmod(module)
            self.assertEqual(result.failed, 0)
            self.assertGreater(result.attempted, 0)

    def test_the_templates_in_git_are_those_of_the_sources(self):
        for addon, exported in self.exported.items():
            path = export_terms.template_path(addon)
            with self.subTest(addon=addon):
                kept = {entry.msgid for entry in polib.pofile(str(path))}
                found = {entry.msgid for entry in exported}
                self.assertEqual(sorted(found - kept), [], "texts missing in the template")
                self.assertEqual(sorted(kept - found), [], "texts no longer in the sources")
                self.assertEqual(path.read_text(encoding="utf-8"), export_terms.as_text(exported))

    def test_every_text_is_translated(self):
        for addon, exported in self.exported.items():
            known = {entry.msgid for entry in self.translated[addon] if entry.msgstr.strip()}
            missing = [entry.msgid for entry in exported if entry.msgid not in known]
            self.assertEqual(missing, [], addon)

    def test_no_text_was_left_in_english(self):
        left = [
            (addon, entry.msgid)
            for addon, entry in self.entries()
            if entry.msgid == entry.msgstr
            and entry.msgid not in SAME_IN_BOTH
            and not is_vietnamese(entry.msgid)
            and ENGLISH_WORD.search(entry.msgid)
        ]
        self.assertEqual(left, [])

    def test_translations_keep_placeholders_and_tags(self):
        for addon, entry in self.entries():
            with self.subTest(addon=addon, text=entry.msgid):
                self.assertEqual(placeholders(entry.msgstr), placeholders(entry.msgid))
                self.assertEqual(tags(entry.msgstr), tags(entry.msgid))

    def test_translations_are_composed_unicode(self):
        for addon, entry in self.entries():
            composed = unicodedata.normalize("NFC", entry.msgstr)
            self.assertEqual(entry.msgstr, composed, (addon, entry.msgid))

    def test_translations_use_the_words_of_officials(self):
        wrong = [
            (addon, entry.msgstr)
            for addon, entry in self.entries()
            if FORBIDDEN.search(entry.msgstr)
        ]
        self.assertEqual(wrong, [])

    def test_texts_of_light_pages_are_exported(self):
        """Odoo does not read ``static/light``; Python lists of terms stand for it."""
        kit = {entry.msgid for entry in self.exported["ttcs_base"]}
        for addon, exported in self.exported.items():
            known = kit | {entry.msgid for entry in exported}
            for path in sorted((export_terms.ADDONS_FOLDER / addon).glob("static/light/**/*.js")):
                shown = set(terms_of_script(path.read_text(encoding="utf-8")))
                self.assertEqual(sorted(shown - known), [], path.name)

    def test_messages_of_the_spreadsheet_reader_are_exported(self):
        """They are marked in a package that does not import Odoo."""
        known = {entry.msgid for entry in self.exported["ttcs_base"]}
        self.assertIn("The file is empty.", known)
        self.assertIn("“%(text)s” is not a number.", known)


@tagged("post_install", "-at_install")
class TestVietnameseIsShown(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "lang": VIETNAMESE})

    def test_labels_and_selections(self):
        condition = self.env["maintenance.equipment"].fields_get(["condition"])["condition"]
        self.assertEqual(condition["string"], "Tình trạng")
        self.assertEqual(
            dict(condition["selection"]),
            {
                "good": "Hoạt động tốt",
                "degraded": "Hoạt động kém",
                "broken": "Hỏng",
                "stopped": "Ngừng hoạt động",
            },
        )

    def test_menus_and_records_of_data_files(self):
        names = {
            "ttcs_base.ttcs_menu_root": "Thông tin cơ sở",
            "ttcs_base.ttcs_unit_menu": "Địa bàn",
            "ttcs_base.ttcs_duty_leader": "Lãnh đạo, phê duyệt",
            "ttcs_base.ttcs_position_station_operator": "Cán bộ phụ trách đài",
            "ttcs_budget.ttcs_funding_source_menu": "Nguồn kinh phí",
            "ttcs_assets.maintenance_equipment_category_cluster": "Cụm loa",
            "ttcs_assets.ttcs_duty_maintenance": "Sửa chữa, bảo dưỡng",
        }
        self.assertEqual({xmlid: self.env.ref(xmlid).name for xmlid in names}, names)

    def test_views(self):
        arch = self.env["ttcs.province.load"].get_view(view_type="form")["arch"]
        self.assertIn("Nạp dữ liệu", arch)
        self.assertNotIn("Loads the places", arch)

    def test_the_page_of_accounts(self):
        """A template that begins with a document type would stay in English."""
        terms = (
            self.env["ir.ui.view"]
            ._fields["arch_db"]
            .get_trans_terms(self.env.ref("ttcs_base.activation_page_content").arch_db)
        )
        self.assertIn("Kích hoạt tài khoản", terms)

    def test_refusals(self):
        with self.assertRaisesRegex(UserError, "Chọn tỉnh trước."):
            self.env["ttcs.province.load"].new().action_load()

    def test_texts_of_the_web_client(self):
        modules, _parameters = self.env["ir.http"]._get_translations_for_webclient(
            export_terms.addon_names(), VIETNAMESE
        )
        shown = {
            message["id"]: message["string"]
            for terms in modules.values()
            for message in terms["messages"]
        }
        self.assertEqual(shown["Scan with the camera"], "Quét bằng máy ảnh")
        self.assertEqual(shown["To be done"], "Cần làm")
