import unicodedata
from datetime import timedelta

from psycopg2.errors import CheckViolation, ExclusionViolation

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import HttpCase
from odoo.tools import mute_logger

from .common import FOUNDED, LAST_DAY_BEFORE_REFORM, REFORM, TtcsCase


@tagged("post_install", "-at_install")
class TestUnit(TtcsCase):
    """Places keep their code, name and parent apart from those of another period."""

    @mute_logger("odoo.sql_db")
    def test_code_serves_again_after_its_place_ended(self):
        old = self.make_unit("Cũ", parent=self.district, valid_to=LAST_DAY_BEFORE_REFORM)
        with self.assert_refused(ExclusionViolation):
            self.make_unit(
                "Mới", parent=self.province, code=old.code, valid_from=LAST_DAY_BEFORE_REFORM
            )
        new = self.make_unit("Mới", parent=self.province, code=old.code, valid_from=REFORM)
        self.assertEqual(new.code, old.code)
        with self.assert_refused(ExclusionViolation):
            old.valid_to = REFORM

    @mute_logger("odoo.sql_db")
    def test_one_parent_has_no_two_parts_of_a_name_however_spelled(self):
        self.make_unit("Tân Hoà 2", "hamlet", self.commune_c, valid_from=REFORM)
        for spelling in ("Ấp Tân Hòa 2", "tân hòa 02", "Tân Hòa II"):
            with self.assert_refused(ExclusionViolation):
                self.make_unit(spelling, "hamlet", self.commune_c, valid_from=REFORM)
        self.make_unit("Tân Hòa 2", "urban_hamlet", self.commune_c, valid_from=REFORM)
        self.make_unit("Tân Hòa 2", "hamlet", self.commune_g)

    def test_hamlets_need_no_code(self):
        hamlets = self.hamlet_c | self.hamlet_g
        self.assertEqual(hamlets.mapped("code"), [False, False])

    @mute_logger("odoo.sql_db")
    def test_impossible_periods_and_positions_are_refused(self):
        with self.assert_refused(CheckViolation):
            self.commune_g.valid_to = FOUNDED - timedelta(days=1)
        with self.assert_refused(CheckViolation):
            self.commune_g.latitude = 90.5
        with self.assert_refused(CheckViolation):
            self.commune_g.longitude = -180.5

    @mute_logger("odoo.sql_db")
    def test_parent_stays_for_life(self):
        with self.assert_refused(CheckViolation):
            self.hamlet_c.parent_id = self.commune_g
        with self.assert_refused(CheckViolation):
            self.commune_g.parent_id = False
        with self.assert_refused(CheckViolation):
            self.province.parent_id = self.make_unit("Khác", "province")

    @mute_logger("odoo.sql_db")
    def test_part_is_of_a_lower_kind_than_its_whole(self):
        for kind in ("hamlet", "commune"):
            with self.assert_refused(CheckViolation):
                self.make_unit("2", kind, self.hamlet_g)
        with self.assert_refused(CheckViolation):
            self.hamlet_g.kind_id = self.commune_g.kind_id
        with self.assert_refused(CheckViolation):
            self.commune_g.kind_id = self.hamlet_g.kind_id

    @mute_logger("odoo.sql_db")
    def test_part_exists_only_while_its_whole_does(self):
        with self.assert_refused(CheckViolation):
            self.make_unit("2", "hamlet", self.commune_c, valid_from=FOUNDED)
        with self.assert_refused(CheckViolation):
            self.make_unit("2", "hamlet", self.commune_a)
        with self.assert_refused(CheckViolation):
            self.hamlet_a.valid_to = REFORM
        with self.assert_refused(CheckViolation):
            self.commune_g.valid_to = self.today
        (self.commune_g | self.hamlet_g).write({"valid_to": self.today})
        self.assertEqual(self.hamlet_g.valid_to, self.today)

    def test_commune_of_a_place(self):
        cluster = self.make_unit("Bờ Bắc", "residential_cluster", self.hamlet_g)
        self.assertEqual(cluster.commune_id, self.commune_g)
        self.assertEqual(self.hamlet_g.commune_id, self.commune_g)
        self.assertEqual(self.commune_g.commune_id, self.commune_g)
        self.assertFalse((self.province | self.district).commune_id)
        in_commune = self.env["ttcs.unit"].search([("commune_id", "=", self.commune_g.id)])
        self.assertEqual(in_commune, self.commune_g | self.hamlet_g | cluster)

    def test_communes_and_hamlets_made_at_once_know_their_commune(self):
        ward, hamlet = self.commune_c.kind_id, self.hamlet_c.kind_id
        communes = self.env["ttcs.unit"].create(
            [
                {
                    "name": f"Chùm {number}",
                    "kind_id": ward.id,
                    "parent_id": self.province.id,
                    "valid_from": REFORM,
                    "child_ids": [
                        Command.create({"name": "1", "kind_id": hamlet.id, "valid_from": REFORM})
                    ],
                }
                for number in range(3)
            ]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        for commune in communes:
            self.assertEqual(commune.commune_id, commune)
            self.assertEqual(commune.child_ids.commune_id, commune)

    def test_display_name_tells_places_of_one_name_apart(self):
        self.assertEqual(self.commune_c.display_name, "Phường Đường Thử C")
        self.assertEqual(self.hamlet_c.display_name, "Ấp 1, Phường Đường Thử C")
        short = self.hamlet_c.with_context(ttcs_short_names=True)
        self.assertEqual(short.display_name, "Ấp 1")
        english = self.commune_b.with_context(lang="en_US")
        self.assertEqual(english.display_name, "Thị trấn Tân Thử B (until 30/06/2025)")

    def test_search_needs_no_accents(self):
        units = self.env["ttcs.unit"]
        for typed, wanted in (
            ("duong thu", self.commune_c),
            ("Đường Thử", self.commune_c),
            ("dao thu", self.commune_a),
            ("phuong duong", self.commune_c),
            (self.commune_g.code, self.commune_g),
        ):
            found = [id_ for id_, _name in units.name_search(typed)]
            self.assertIn(wanted.id, found, typed)
            self.assertNotIn(self.commune_e.id, found, typed)

    def test_name_in_two_part_characters_is_stored_in_one(self):
        unit = self.make_unit(unicodedata.normalize("NFD", " Đạo  Thạnh"), parent=self.province)
        self.assertEqual(unit.name, "Đạo Thạnh")
        unit.name = unicodedata.normalize("NFD", "Đường Mới")
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(unit.name, "Đường Mới")
        self.assertIn(unit, self.env["ttcs.unit"].search([("full_name", "ilike", "duong moi")]))

    def test_place_is_in_force_from_its_first_to_its_last_day(self):
        cases = {
            (self.today, False): True,
            (FOUNDED, self.today): True,
            (FOUNDED, self.yesterday): False,
            (self.tomorrow, False): False,
        }
        units = self.env["ttcs.unit"]
        for (start, end), expected in cases.items():
            unit = self.make_unit(
                f"{start} {end}", parent=self.province, valid_from=start, valid_to=end
            )
            self.assertEqual(unit.in_force, expected, (start, end))
            found = units.search([("id", "=", unit.id), ("in_force", "=", True)])
            self.assertEqual(bool(found), expected, (start, end))
            found = units.search([("id", "=", unit.id), ("in_force", "=", False)])
            self.assertEqual(not found, expected, (start, end))

    def test_parts_open_below_a_place(self):
        action = self.province.action_open_children()
        parts = self.env["ttcs.unit"].search(action["domain"])
        self.assertEqual(parts, self.province.child_ids)
        self.assertIn(self.commune_g, parts)
        self.assertNotIn(self.hamlet_g, parts)

    @mute_logger("odoo.sql_db")
    def test_import_says_which_place_does_not_fit_and_why(self):
        result = self.env["ttcs.unit"].load(
            ["name", "kind_id", "parent_id/.id", "valid_from"],
            [["Rạch Ruộng", "Ấp", str(self.commune_c.id), "2020-01-01"]],
        )
        self.assertFalse(result["ids"])
        message = result["messages"][0]["message"]
        self.assertIn("Rạch Ruộng (Phường Đường Thử C)", message)
        self.assertIn("does not fit into its parent", message)


@tagged("post_install", "-at_install")
class TestUnitRefusalOnScreen(HttpCase, TtcsCase):
    """What the browser is told when the database refuses."""

    @mute_logger("odoo.sql_db", "odoo.http")
    def test_refused_parent_reads_like_a_sentence(self):
        user = self.make_user(self.committee, "administrator", password="a place of one's own")
        self.authenticate(user.login, "a place of one's own")
        answer = self.opener.post(
            f"{self.base_url()}/web/dataset/call_kw/ttcs.unit/write",
            json={
                "params": {
                    "model": "ttcs.unit",
                    "method": "write",
                    "args": [[self.hamlet_c.id], {"parent_id": self.commune_g.id}],
                    "kwargs": {},
                }
            },
        ).json()
        error = answer["error"]["data"]
        self.assertEqual(error["name"], "odoo.exceptions.ValidationError")
        # In the language of the user; what PostgreSQL said itself is in none of them.
        self.assertIn("Ấp 1", error["message"])
        for technical in ("ttcs_unit_parent_is_kept", "PL/pgSQL"):
            self.assertNotIn(technical, error["message"])
