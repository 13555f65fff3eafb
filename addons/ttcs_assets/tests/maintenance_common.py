"""Tasks, rules and a day that stands still, for the tests of the maintenance engine."""

from __future__ import annotations

from datetime import date
from unittest.mock import patch

from dateutil.relativedelta import relativedelta

from .common import AssetsCase


class MaintenanceCase(AssetsCase):
    """A task and the assets of ``AssetsCase``; no rule but those that a test makes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ttcs.maintenance.rule"].search([]).active = False
        cls.env["ttcs.calendar.day"].search([]).unlink()
        cls.task = cls.env["ttcs.maintenance.task"].create(
            {"name": "Vệ sinh cụm loa", "duration": 0.5, "labour_cost": 50000}
        )
        cls.occurrences = cls.env["ttcs.maintenance.occurrence"]

    @classmethod
    def make_rule(cls, target="category", **values):
        """A rule for clusters in commune C, monthly from today unless the values say so."""
        targets = {
            "category": {"category_id": cls.kind("cluster").id},
            "asset": {"equipment_id": cls.cluster.id},
            "model": {"model_name": "TH-30"},
            "family": {"family": "cluster"},
        }
        return cls.env["ttcs.maintenance.rule"].create(
            {
                "task_id": cls.task.id,
                "unit_id": cls.commune_c.id,
                "target": target,
                "anchor": cls.today,
                "on_days_off": "keep",
                **targets[target],
                **values,
            }
        )

    def expand(self, months=12):
        """Plan; gives how many occurrences are new."""
        return self.env["ttcs.maintenance.rule"]._expand(self.today + relativedelta(months=months))

    def open_all(self):
        """Open what is due; gives how many orders."""
        self.occurrences._skip_overtaken()
        total = 0
        while opened := self.occurrences._open_chunk():
            total += opened
        return total

    def due(self, asset, rule=None):
        """The occurrences of an asset, by their day."""
        domain = [("equipment_id", "=", asset.id)]
        if rule:
            domain.append(("rule_id", "=", rule.id))
        return self.occurrences.search(domain, order="due_date, id")

    def on(self, day):
        """The block happens on another day."""
        company = type(self.env.company)
        return patch.object(company, "_today", lambda _self: day)

    def as_date(self, text):
        return date.fromisoformat(text)
