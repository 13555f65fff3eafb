"""Duty × model × operation × place, against the reviewed table ``access_matrix.csv``.

Every stored model of the suite, and every core model that it places, is a block of rows: one
per duty, with the operations (r, w, c, d: read, write, create, delete) that the duty allows on
a record in its own commune, in a sibling commune, in the province above, and in a commune that
its own came from.  A model without rows, or without a maker of records, fails.

``TTCS_WRITE_MATRIX=1`` writes the table as it is now, to be reviewed before it is committed.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path

from access_records import RECORD_MAKERS, REFERENCE_MODELS

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.ttcs_assets.tests.common import AssetsCase

MATRIX = Path(__file__).parent / "access_matrix.csv"
COLUMNS = ("model", "duty", "own", "sibling", "parent", "predecessor")
PLACES = COLUMNS[2:]
OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}
PLACED_CORE_MODELS = ("maintenance.equipment", "maintenance.request", "res.partner", "hr.employee")


@tagged("post_install", "-at_install")
class TestAccessMatrix(AssetsCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agencies = {
            "own": (cls.committee_c, cls.hamlet_c),
            "sibling": (cls.committee_g, cls.hamlet_g),
            "parent": (cls.department, cls.province),
            "predecessor": (cls.committee_a, cls.hamlet_a),
        }
        cls.duty_codes = cls.env["ttcs.duty"].search([]).sorted("code").mapped("code")
        cls.users = {duty: cls.make_user(cls.committee_c, duty) for duty in cls.duty_codes}

    def models(self):
        """Names of the models that the table must hold."""
        own = {
            name
            for name, model in self.env.registry.items()
            if name.startswith("ttcs.") and not model._abstract and not model._transient
        }
        return sorted(own | set(PLACED_CORE_MODELS))

    def test_the_table_names_every_model(self):
        listed = {row["model"] for row in self.reviewed()}
        self.assertEqual(sorted(listed), self.models())

    def test_every_model_has_records_to_try(self):
        known = {*RECORD_MAKERS, *REFERENCE_MODELS}
        self.assertEqual(sorted(set(self.models()) - known), [])

    def test_duties_may_do_what_the_table_says(self):
        found = [self.row(model, duty) for model in self.models() for duty in self.duty_codes]
        if os.environ.get("TTCS_WRITE_MATRIX"):
            with MATRIX.open("w", encoding="utf-8", newline="") as stream:
                writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
                writer.writeheader()
                writer.writerows(found)
        reviewed = {(row["model"], row["duty"]): row for row in self.reviewed()}
        for row in found:
            with self.subTest(model=row["model"], duty=row["duty"]):
                self.assertEqual(reviewed.get((row["model"], row["duty"])), row)

    def reviewed(self):
        with MATRIX.open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    def row(self, model, duty):
        """The line of the table that the database stands by now."""
        user = self.users[duty]
        row = {"model": model, "duty": duty}
        for place in PLACES:
            record = self.record(model, place)
            row[place] = "".join(
                letter
                for letter, operation in OPERATIONS.items()
                if self.may(record.with_user(user), operation)
            )
        return row

    def may(self, record, operation):
        try:
            record.check_access(operation)
        except AccessError:
            return False
        return True

    def record(self, model, place):
        """The record of a model in a place, made once as superuser."""
        made = self.__class__.__dict__.get("_made")
        if made is None:
            made = self.__class__._made = {}
        if (model, place) not in made:
            if model in REFERENCE_MODELS:
                made[model, place] = self.env[model].search([], limit=1)
            else:
                agency, unit = self.agencies[place]
                made[model, place] = RECORD_MAKERS[model](self, agency, unit)
            self.env.flush_all()
            self.assertTrue(made[model, place], f"no {model} to try in {place}")
        return made[model, place]
