"""A small province with a reform behind it, for the tests of this add-on and those above it."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, timedelta
from itertools import count

from odoo.fields import Command
from odoo.tests import TransactionCase

FOUNDED = date(2021, 1, 1)
REFORM = date(2025, 7, 1)
LAST_DAY_BEFORE_REFORM = REFORM - timedelta(days=1)

_OFFICE_KIND = {1: "provincial_committee", 2: "district_committee", 3: "commune_committee"}
_numbers = count(1)


class TtcsCase(TransactionCase):
    """Places, an office in each, and short ways to people them.

    Until 30/06/2025 the province had a district with communes A, B and D.  On 01/07/2025 A and
    B were merged into C, and D was split into E and F.  G is a sibling without a history.
    Every commune has one hamlet (``hamlet_a`` … ``hamlet_g``) and one people's committee
    (``committee_a`` … ``committee_g``); the province has ``department`` besides.

    Codes and names are none of Vietnam's, so that a database with real provinces serves too.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context={
                **cls.env.context,
                "tracking_disable": True,
                "mail_create_nolog": True,
                "mail_create_nosubscribe": True,
                "no_reset_password": True,
            }
        )
        cls.today = cls.env.company._today()
        cls.yesterday = cls.today - timedelta(days=1)
        cls.tomorrow = cls.today + timedelta(days=1)
        cls._make_places()
        cls._make_offices()

    @classmethod
    def _make_places(cls):
        before = {"valid_to": LAST_DAY_BEFORE_REFORM}
        since = {"valid_from": REFORM}
        cls.province = cls.make_unit("Tỉnh Thử", "province")
        cls.district = cls.make_unit("Huyện Cũ", "district", cls.province, **before)
        cls.commune_a = cls.make_unit("Đạo Thử A", "commune", cls.district, **before)
        cls.commune_b = cls.make_unit("Tân Thử B", "township", cls.district, **before)
        cls.commune_d = cls.make_unit("Phú Thử D", "commune", cls.district, **before)
        cls.commune_c = cls.make_unit("Đường Thử C", "ward", cls.province, **since)
        cls.commune_e = cls.make_unit("Long Thử E", "commune", cls.province, **since)
        cls.commune_f = cls.make_unit("Mỹ Thử F", "commune", cls.province, **since)
        cls.commune_g = cls.make_unit("Bình Thử G", "commune", cls.province)
        cls.communes = cls.env["ttcs.unit"].union(
            *(getattr(cls, f"commune_{letter}") for letter in "abcdefg")
        )
        for letter, commune in zip("abcdefg", cls.communes, strict=True):
            period = {"valid_from": commune.valid_from, "valid_to": commune.valid_to}
            setattr(cls, f"hamlet_{letter}", cls.make_unit("1", "hamlet", commune, **period))
        cls.make_lineage(cls.commune_a, cls.commune_c)
        cls.make_lineage(cls.commune_b, cls.commune_c)
        cls.make_lineage(cls.commune_d, cls.commune_e, kind="split")
        cls.make_lineage(cls.commune_d, cls.commune_f, kind="split")

    @classmethod
    def _make_offices(cls):
        cls.committee = cls.make_agency(cls.province)
        cls.department = cls.make_agency(cls.province, "Sở Thử nghiệm", kind="department")
        for letter, commune in zip("abcdefg", cls.communes, strict=True):
            setattr(cls, f"committee_{letter}", cls.make_agency(commune))

    @classmethod
    def make_unit(cls, name, kind="commune", parent=None, **values):
        """A place, in force since 2021 unless the values say otherwise.

        :param kind: code of a ``ttcs.unit.kind``
        """
        kind = cls.env["ttcs.unit.kind"].search([("code", "=", kind)])
        values = {"valid_from": FOUNDED, **values}
        values |= {"name": name, "kind_id": kind.id, "parent_id": parent.id if parent else False}
        if kind.level <= 3:
            values.setdefault("code", f"T{next(_numbers)}")
        return cls.env["ttcs.unit"].create(values)

    @classmethod
    def make_lineage(cls, predecessor, successor, kind="merge", **values):
        """The step of a reform from one place to another."""
        values = {"date": successor.valid_from, "kind": kind, **values}
        return cls.env["ttcs.unit.lineage"].create(
            {"predecessor_id": predecessor.id, "successor_id": successor.id, **values}
        )

    @classmethod
    def make_agency(cls, unit, name=None, **values):
        """An office that serves a place, by default its people's committee."""
        values = {
            "name": name or f"Ủy ban nhân dân {unit.full_name}",
            "kind": _OFFICE_KIND.get(unit.level, "other"),
            "valid_from": unit.valid_from,
            "valid_to": unit.valid_to,
            **values,
        }
        return cls.env["ttcs.agency"].create({"unit_id": unit.id, **values})

    @classmethod
    def make_person(cls, agency=None, name=None, **values):
        """A person without an account; with an agency, assigned to it without a duty."""
        name = name or f"Nhân viên số {next(_numbers)}"
        person = cls.env["ttcs.person"].create({"name": name, **values})
        if agency:
            cls.assign(person, agency)
        return person

    @classmethod
    def make_user(cls, agency, *duty_codes, valid_from=None, valid_to=None, groups=(), **values):
        """The user of a new person who holds duties in an agency; gives ``res.users``.

        :param duty_codes: codes of ``ttcs.duty``, "user" when none is given
        :param groups: xmlids of groups that no duty gives
        """
        number = next(_numbers)
        values = {"name": f"Cán bộ số {number}", "login": f"canbo{number}@ttcs.example", **values}
        values = {"email": values["login"], **values}
        user = cls.env["res.users"].create(values)
        user.group_ids |= user.group_ids.union(*(cls.env.ref(group) for group in groups))
        person = cls.env["ttcs.person"].create({"name": user.name, "user_id": user.id})
        cls.assign(
            person, agency, *(duty_codes or ("user",)), valid_from=valid_from, valid_to=valid_to
        )
        return user

    @classmethod
    def assign(cls, person, agency, *duty_codes, valid_from=None, valid_to=None, position=None):
        """Assign a person to an agency; gives ``ttcs.assignment``.

        :param position: ``ttcs.position``, by default the officer in charge of the station
        """
        position = position or cls.env.ref("ttcs_base.ttcs_position_station_operator")
        return cls.env["ttcs.assignment"].create(
            {
                "person_id": person.id,
                "agency_id": agency.id,
                "position_id": position.id,
                "duty_ids": [Command.set(cls.duties(*duty_codes).ids)],
                "valid_from": valid_from or FOUNDED,
                "valid_to": valid_to,
            }
        )

    @classmethod
    def duties(cls, *codes):
        """The duties with these codes."""
        duties = cls.env["ttcs.duty"].search([("code", "in", codes)])
        assert len(duties) == len(codes), f"unknown duty among {codes}"
        return duties

    def seen_by(self, user, records):
        """Those of the records that a user finds by searching."""
        return records.with_user(user).search([("id", "in", records.ids)]).with_env(records.env)

    @contextmanager
    def assert_refused(self, error):
        """The block, pending writes included, raises this error; nothing of it stays."""
        with self.assertRaises(error) as refusal:
            yield refusal
            self.env.flush_all()

    def count_queries(self, action):
        """The number of SQL statements that an action sends, pending writes included."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        action()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def assert_set_based(self, action, allowance=0, small=10, large=200):
        """An action over many records sends no query per record.

        :param action: called with the number of records, first once to warm the caches
        :param allowance: how many more queries ``large`` may take than ``small``; Odoo itself
            splits long inserts and updates into batches
        """
        action(small)
        few = self.count_queries(lambda: action(small))
        many = self.count_queries(lambda: action(large))
        self.assertLessEqual(
            many, few + allowance, f"{few} queries for {small} records, {many} for {large}"
        )
