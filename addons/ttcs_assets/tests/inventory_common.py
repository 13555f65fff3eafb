"""A small network to count, its books reckoned by hand."""

from __future__ import annotations

from datetime import date, timedelta

from .common import AssetsCase

FREEZE = date(2026, 6, 30)


class InventoryCase(AssetsCase):
    """Committee C has six assets in commune C, committee G one in commune G.

    One of C's came after the day, one was disposed of before it: neither is counted.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind("cluster").family = "cluster"
        first = cls.station | cls.cluster | cls.cluster_at_commune | cls.cluster_g
        first.write({"in_use_date": "2023-05-10", "original_cost": 50_000_000})
        cls.board = cls.make_asset(
            "board",
            cls.committee_c,
            cls.commune_c,
            code="BT-01",
            in_use_date="2022-01-01",
            original_cost=120_000_001,
        )
        cls.horn, cls.without_cost = (
            cls.make_asset(
                "cluster",
                cls.committee_c,
                cls.hamlet_c,
                name=name,
                in_use_date=since,
                original_cost=cost,
            )
            for name, since, cost in (("Loa lẻ", "2024-03-01", 4_000_000), ("Chưa ghi", False, 0))
        )
        cls.too_new = cls.make_asset(
            "cluster", cls.committee_c, cls.hamlet_c, in_use_date="2026-07-01"
        )
        cls.gone = cls.make_asset(
            "cluster",
            cls.committee_c,
            cls.hamlet_c,
            in_use_date="2020-01-01",
            life_state="disposed",
            disposed_on="2026-01-01",
        )
        cls.assets_c = (
            cls.station
            | cls.cluster
            | cls.cluster_at_commune
            | cls.board
            | cls.horn
            | cls.without_cost
        )
        cls.stood_there_before()
        cls.manager = cls.make_user(cls.department, "assets_manager")
        cls.officer_c = cls.make_user(cls.committee_c, "assets")
        cls.officer_g = cls.make_user(cls.committee_g, "assets")
        cls.leader = cls.make_user(cls.department, "leader")

    @classmethod
    def stood_there_before(cls):
        """What was recorded today stood there before: the freeze date lies in the past."""
        cls.env.flush_all()
        cls.env.cr.execute(
            """
            UPDATE ttcs_placement SET valid_from = '2025-07-01'
            WHERE model = 'maintenance.equipment' AND valid_from > '2025-07-01'
                AND agency_id = ANY(%s)
            """,
            [[cls.committee_c.id, cls.committee_g.id]],
        )

    @classmethod
    def make_inventory(cls, **values):
        """A round over the small province, in preparation, as its manager."""
        return (
            cls.env["ttcs.inventory"]
            .with_user(cls.manager)
            .create(
                {
                    "name": "Kiểm kê thử",
                    "agency_id": cls.department.id,
                    "unit_id": cls.province.id,
                    "freeze_date": FREEZE,
                    "due_date": cls.today + timedelta(days=10),
                    "decision": "12/QĐ-UBND",
                    **values,
                }
            )
        )

    @classmethod
    def open_inventory(cls, **values):
        """An open round with its sheets, as superuser."""
        inventory = cls.make_inventory(**values)
        inventory.action_open()
        return inventory.sudo()

    def sheet_of(self, inventory, agency):
        return inventory.sheet_ids.filtered(lambda sheet: sheet.agency_id == agency)

    def line_of(self, sheet, asset):
        return sheet.line_ids.filtered(lambda line: line.equipment_id == asset)

    def explain_all(self, inventory):
        """Every difference gets an explanation and a proposal."""
        lines = inventory.env["ttcs.inventory.line"].search(
            [("inventory_id", "=", inventory.id), ("is_unexplained", "=", True)]
        )
        broken = lines.filtered(lambda line: line.state == "found")
        broken.write({"explanation": "Hỏng do sét đánh", "proposal": "repair"})
        (lines - broken).write({"explanation": "Đã lập biên bản", "proposal": "answer"})

    def close_round(self, inventory):
        """Everything left is missing, explained, and the round closed by its manager."""
        for sheet in inventory.sheet_ids.filtered(lambda sheet: sheet.state == "counting"):
            sheet.with_user(self.manager).action_close_counting()
        self.explain_all(inventory)
        inventory.conclusion = "Đã kiểm kê xong."
        inventory.with_user(self.manager).action_close()
