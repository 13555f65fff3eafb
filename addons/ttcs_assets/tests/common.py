"""Assets in the small province of ``ttcs_base``, for the tests of this add-on and above."""

from __future__ import annotations

from odoo.addons.ttcs_base.tests.common import TtcsCase


class AssetsCase(TtcsCase):
    """A station with two clusters in commune C, and one cluster in sibling commune G."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.station = cls.make_asset("station", cls.committee_c, cls.commune_c)
        cls.cluster = cls.make_asset(
            "cluster", cls.committee_c, cls.hamlet_c, parent_asset_id=cls.station.id
        )
        cls.cluster_at_commune = cls.make_asset(
            "cluster", cls.committee_c, cls.commune_c, parent_asset_id=cls.station.id
        )
        cls.cluster_g = cls.make_asset("cluster", cls.committee_g, cls.hamlet_g)

    @classmethod
    def kind(cls, code):
        """A kind of asset by its code."""
        return cls.env.ref(f"ttcs_assets.maintenance_equipment_category_{code}")

    @classmethod
    def make_asset(cls, kind, agency, unit, **values):
        """An asset of a kind (code), owned by an agency, standing in a place."""
        values = {"name": f"{cls.kind(kind).name} {unit.full_name}", **values}
        return cls.env["maintenance.equipment"].create(
            {
                "category_id": cls.kind(kind).id,
                "agency_id": agency.id,
                "unit_id": unit.id,
                **values,
            }
        )
