"""A dossier, an officer who proposes it and the leaders who decide, for the tests of both."""

from __future__ import annotations

from datetime import date

from .common import AssetsCase

LIMIT = 500_000_000
IN_USE = date(2024, 1, 10)


class DecisionCase(AssetsCase):
    """Commune C owns assets; its chair decides up to a limit, the province above it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        levels = cls.env["ttcs.approval.level"]
        levels.search([]).active = False
        for kind in ("transfer", "recall", "sale", "disposal", "destruction", "loss"):
            cls.make_level(kind, value_up_to=LIMIT, relation="own")
            cls.make_level(kind, value_above=LIMIT, relation="provincial_committee")
        cls.officer = cls.make_user(cls.committee_c, "assets")
        cls.chair = cls.make_user(cls.committee_c, "leader")
        cls.governor = cls.make_user(cls.committee, "leader")
        cls.neighbour = cls.make_user(cls.committee_g, "assets")
        cls.cluster.write({"original_cost": 20_000_000, "in_use_date": IN_USE, "code": "CL-1"})

    @classmethod
    def make_level(cls, kind, **values):
        values = {"name": f"Cấp {kind}", "kind": kind, **values}
        return cls.env["ttcs.approval.level"].create(values)

    @classmethod
    def make_dossier(cls, assets=None, kind="disposal", user=None, **values):
        assets = cls.cluster if assets is None else assets
        usual = {
            "transfer": {"receiver_agency_id": cls.committee_g.id},
            "recall": {"receiver_agency_id": cls.committee_g.id},
            "sale": {"method": "auction"},
            "disposal": {"method": "dismantle"},
            "loss": {"cause": "Bị kẻ gian cắt mất trong đêm"},
        }
        values = {
            "kind": kind,
            "agency_id": cls.committee_c.id,
            "reason": "Hư hỏng, không sửa được",
            "line_ids": [(0, 0, {"equipment_id": asset.id}) for asset in assets],
            **usual.get(kind, {}),
            **values,
        }
        return cls.env["ttcs.asset.decision"].with_user(user or cls.officer).create(values)

    @classmethod
    def submit(cls, dossier, user=None):
        dossier.with_user(user or cls.officer).action_submit()
        return dossier

    @classmethod
    def approve(cls, dossier, user=None, number="12/QĐ-UBND", on=None):
        dossier.with_user(user or cls.chair)._approve("Đồng ý", number, on or cls.today)
        return dossier

    @classmethod
    def carry_out(cls, dossier, lines=None, on=None, user=None):
        dossier = dossier.with_user(user or cls.officer)
        lines = lines.with_user(user or cls.officer) if lines else dossier.line_ids
        dossier._carry_out(lines, on or cls.today)
        return dossier

    @classmethod
    def approved(cls, assets=None, kind="disposal", **values):
        return cls.approve(cls.submit(cls.make_dossier(assets, kind, **values)))
