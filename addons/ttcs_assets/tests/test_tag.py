"""Tags: issue, claim by one of two, replace, alias, counterfeit, rolls and printing."""

import io

from psycopg2 import errors
from pypdf import PdfReader

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import AssetsCase


@tagged("post_install", "-at_install")
class TestTag(AssetsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("ttcs.qr_hosts", "qr.ttcs.example,old.example")
        cls.tags = cls.env["ttcs.tag"]

    def blank(self, agency=None):
        return self.tags._issue([{"agency_id": (agency or self.committee_c).id}])

    def test_a_claimed_tag_leads_to_its_asset_by_every_spelling(self):
        tag = self.blank()
        tag._assign(self.cluster, "control_box")
        for text in (
            f"HTTPS://QR.TTCS.EXAMPLE/A/{tag.code}",
            f"https://old.example/a/{tag.code.lower()}",
            tag.code,
            tag.spoken_code,
            tag.spoken_code_shown,
        ):
            with self.subTest(text=text):
                self.assertEqual(self.tags._find(text), ("assigned", tag, self.cluster))

    def test_a_code_with_one_wrong_symbol_is_forged(self):
        code = self.blank().code
        for place in range(len(code)):
            other = "7" if code[place] != "7" else "8"
            text = code[:place] + other + code[place + 1 :]
            self.assertEqual(self.tags._find(text)[0], "forged", text)

    def test_our_code_on_a_foreign_host_is_an_imitation(self):
        tag = self.blank()
        tag._assign(self.cluster)
        status, found, asset = self.tags._find(f"https://qr.ttcs.example.evil.com/A/{tag.code}")
        self.assertEqual((status, found.ids, asset.ids), ("imitation", [], []))

    def test_a_tag_in_use_is_not_claimed_again(self):
        tag = self.blank()
        tag._assign(self.cluster)
        with self.assertRaisesRegex(UserError, "already on"):
            tag._assign(self.cluster_at_commune)
        self.assertEqual(tag.equipment_id, self.cluster)

    def test_a_revoked_tag_stays_known_and_never_comes_back(self):
        tag = self.blank()
        tag._assign(self.cluster)
        tag._revoke("Mất tem")
        self.assertEqual(self.tags._find(tag.code), ("revoked", tag, self.cluster))
        with self.assertRaisesRegex(UserError, "taken out of use"):
            tag._assign(self.cluster)
        with (
            self.assertRaises(errors.CheckViolation) as caught,
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute("UPDATE ttcs_tag SET state = 'assigned' WHERE id = %s", [tag.id])
        self.assertIn("ttcs_tag_code_is_kept", str(caught.exception))

    def test_a_printed_code_never_changes(self):
        tag = self.blank()
        for column in ("identifier", "code", "spoken_code"):
            with (
                self.subTest(column=column),
                self.assertRaises(errors.CheckViolation),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(
                    f"UPDATE ttcs_tag SET {column} = 'X' WHERE id = %s",  # noqa: S608
                    [tag.id],
                )

    def test_revoking_asks_for_a_reason(self):
        tag = self.blank()
        with self.assertRaises(ValidationError):
            tag._revoke("  ")

    def test_a_tag_is_never_deleted(self):
        with self.assertRaises(UserError):
            self.blank().unlink()

    def test_an_old_asset_code_still_finds_its_asset(self):
        self.env["ttcs.tag.alias"].create(
            {"name": "8934563138165", "equipment_id": self.cluster.id}
        )
        status, _tag, asset = self.tags._find(" 8934563138165 ")
        self.assertEqual((status, asset), ("alias", self.cluster))

    def test_the_office_scanner_opens_only_what_may_be_read(self):
        tag = self.blank(self.committee_g)
        tag._assign(self.cluster_g)
        user = self.make_user(self.committee_c, "assets")
        answer = self.tags.with_user(user).find_by_text(tag.code)
        self.assertNotIn("action", answer)
        self.assertNotIn(self.cluster_g.name, answer["message"])
        own = self.make_user(self.committee_g, "assets")
        opened = self.tags.with_user(own).find_by_text(tag.code)["action"]
        self.assertEqual(opened["res_id"], self.cluster_g.id)

    def test_junk_is_answered_with_words(self):
        for text in ("", " ", "x" * 5000, "https://", "12345678", "\x00"):
            with self.subTest(text=text[:10]):
                self.assertTrue(self.tags.find_by_text(text)["message"])

    def test_a_sibling_commune_sees_no_tag(self):
        tag = self.blank(self.committee_g)
        user = self.make_user(self.committee_c, "assets")
        with self.assertRaises(AccessError):
            tag.with_user(user).read(["code"])

    def test_replacing_moves_the_place_to_the_new_tag(self):
        old, new = self.blank(), self.blank()
        old._assign(self.cluster, "pole_foot")
        wizard = self.env["ttcs.tag.revoke"].create(
            {
                "tag_ids": [(6, 0, old.ids)],
                "cause": "unreadable",
                "replacement": new.spoken_code_shown,
            }
        )
        wizard.action_revoke()
        self.assertEqual((old.state, old.replaced_by_id), ("revoked", new))
        self.assertEqual(
            (new.state, new.equipment_id, new.point), ("assigned", self.cluster, "pole_foot")
        )

    def test_replacing_by_a_tag_in_use_changes_nothing(self):
        old, new = self.blank(), self.blank()
        old._assign(self.cluster)
        new._assign(self.cluster_at_commune)
        wizard = self.env["ttcs.tag.revoke"].create(
            {"tag_ids": [(6, 0, old.ids)], "cause": "lost", "replacement": new.code}
        )
        with self.assertRaises(UserError):
            wizard.action_revoke()
        self.assertEqual(old.state, "assigned")

    def test_issuing_costs_the_same_queries_for_ten_and_for_a_thousand(self):
        counts = []
        for size in (10, 1000):
            before = self.env.cr.sql_log_count
            self.tags._issue([{"agency_id": self.committee_c.id}] * size)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1] - counts[0], 12)


@tagged("post_install", "-at_install")
class TestLabelPrint(AssetsCase):
    """Printed by the person whose work it is; the superuser would pass where he does not."""

    def setUp(self):
        super().setUp()
        self.keeper = self.make_user(self.committee_c, "assets")
        self.printings = self.env["ttcs.label.print"].with_user(self.keeper)

    def printing(self, assets, **values):
        return self.printings.with_context(
            active_model="maintenance.equipment", active_ids=assets.ids
        ).create(values)

    def pdf(self, printing):
        return PdfReader(io.BytesIO(printing.attachment_id.raw))

    def test_assets_without_a_tag_get_one_and_only_one(self):
        assets = self.cluster | self.cluster_at_commune
        first = self.printing(assets)
        first.action_print()
        self.assertEqual(first.tag_ids.equipment_id, assets)
        again = self.printing(assets)
        again.action_print()
        self.assertEqual(again.tag_ids, first.tag_ids)

    def test_a_second_plate_is_a_second_tag(self):
        self.printing(self.cluster).action_print()
        extra = self.printing(self.cluster, extra_tag=True, point="pole_foot")
        extra.action_print()
        self.assertEqual(self.cluster.tag_count, 2)
        self.assertEqual(extra.tag_ids.point, "pole_foot")

    def test_the_sheet_names_asset_place_owner_and_call_code(self):
        printing = self.printing(self.cluster)
        printing.action_print()
        text = " ".join(self.pdf(printing).pages[0].extract_text().split())
        for words in (printing.tag_ids.spoken_code_shown, "Ấp 1", "Quét mã để báo hỏng"):
            self.assertIn(words, text)

    def test_a_started_sheet_goes_on_where_it_was_left(self):
        roll = (
            self.env["ttcs.tag.roll"]
            .with_user(self.keeper)
            .create({"agency_id": self.committee_c.id, "size": 20})
        )
        stock = self.env.ref("ttcs_assets.ttcs_label_stock_a4_3x8")
        printing = self.printings.create(
            {"roll_id": roll.id, "stock_id": stock.id, "start_offset": 5}
        )
        printing.action_print()
        self.assertEqual(len(self.pdf(printing).pages), 2)

    def test_an_offset_beyond_the_sheet_is_refused(self):
        with self.assertRaisesRegex(UserError, "24"):
            self.printing(
                self.cluster,
                start_offset=24,
                stock_id=self.env.ref("ttcs_assets.ttcs_label_stock_a4_3x8").id,
            ).action_print()

    def test_an_empty_roll_says_so(self):
        roll = (
            self.env["ttcs.tag.roll"]
            .with_user(self.keeper)
            .create({"agency_id": self.committee_c.id, "size": 2})
        )
        roll.tag_ids._revoke("In hỏng")
        with self.assertRaisesRegex(UserError, "no blank tag left"):
            self.printings.create({"roll_id": roll.id}).action_print()

    def test_a_stock_that_does_not_fit_its_page_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "240 mm"):
            self.env["ttcs.label.stock"].create(
                {"name": "Quá rộng", "label_width": 80, "label_height": 37}
            )

    def test_a_commune_prints_no_labels_for_its_sibling(self):
        user = self.make_user(self.committee_c, "assets")
        with self.assertRaises(AccessError):
            self.printing(self.cluster_g.with_user(user)).with_user(user).action_print()

    def test_every_tag_of_a_roll_is_accounted_for(self):
        roll = (
            self.env["ttcs.tag.roll"]
            .with_user(self.keeper)
            .create({"agency_id": self.committee_c.id, "size": 5})
        )
        roll.tag_ids[0]._assign(self.cluster)
        roll.tag_ids[1]._revoke("In hỏng")
        self.assertEqual(
            (roll.blank_count, roll.assigned_count, roll.void_count, len(roll.tag_ids)),
            (3, 1, 1, 5),
        )
        with self.assertRaises(UserError):
            roll.size = 6
