"""Devices in the small province of ``ttcs_base``, for the tests of this add-on and above."""

from __future__ import annotations

from odoo.addons.ttcs_assets.tests.common import AssetsCase


class DevicesCase(AssetsCase):
    """Two devices of commune C's committee, and those who deal with them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        vendor = cls.env["ttcs.device.vendor"].create({"name": "Hãng Thử"})
        cls.receiver = cls.env["ttcs.device.model"].create(
            {"vendor_id": vendor.id, "name": "IPB-200"}
        )
        cls.device = cls.make_device(cls.committee_c)
        cls.spare = cls.make_device(cls.committee_c)
        cls.manager = cls.make_user(cls.committee_c, "devices_manager")
        cls.operator = cls.make_user(cls.committee_c, "devices")
        cls.technician = cls.make_user(cls.committee_c, "maintenance")

    @classmethod
    def make_device(cls, agency, **values):
        """A device in the store of an agency."""
        return cls.env["ttcs.device"].create(
            {"model_id": cls.receiver.id, "agency_id": agency.id, **values}
        )

    def hear(self, device, **values):
        """What the bridge writes of a device, below the ORM."""
        self.env.flush_all()
        values = {"seen_at": "2026-11-24 08:00:00", "online": True, **values}
        columns = ", ".join(values)
        marks = ", ".join(["%s"] * len(values))
        self.env.cr.execute(
            f"INSERT INTO ttcs_tele.last (device_id, {columns}) VALUES (%s, {marks})",
            [device.id, *values.values()],
        )
        self.env.invalidate_all()

    def told_to_bridge(self, device):
        """Whether the bridge lets a device speak; None when it does not know it."""
        self.env.flush_all()
        self.env.cr.execute("SELECT active FROM ttcs_tele.device WHERE id = %s", [device.id])
        found = self.env.cr.fetchone()
        return found and found[0]

    def asked_of_broker(self, device):
        """What the broker was asked to do with a device, in order."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT act FROM ttcs_tele.credential WHERE device = %s ORDER BY id", [device.code]
        )
        return [act for (act,) in self.env.cr.fetchall()]
