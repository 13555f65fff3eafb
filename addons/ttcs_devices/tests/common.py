"""Devices in the small province of ``ttcs_base``, for the tests of this add-on and above."""

from __future__ import annotations

import base64

from odoo.addons.ttcs_assets.tests.common import AssetsCase

# The shortest thing that begins like an MP3.
SIREN = b"ID3\x04" + bytes(60)


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


class OrdersCase(DevicesCase):
    """Two devices in service in commune C, one in G, and what is needed to order them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.board = cls.receiver.copy({"name": "BTN-1", "purpose": "board"})
        cls.near = cls.make_device(cls.committee_c) + cls.make_device(cls.committee_c)
        cls.far = cls.make_device(cls.committee_g)
        (cls.near + cls.far).state = "enrolled"
        second = cls.make_asset("cluster", cls.committee_c, cls.hamlet_c)
        for device, asset in zip(
            cls.near + cls.far, cls.cluster + second + cls.cluster_g, strict=True
        ):
            device._fit(asset)
        cls.env.flush_all()

    def recording(self, **values):
        return self.env["ttcs.device.recording"].create(
            {
                "name": "Còi báo động",
                "agency_id": self.committee_c.id,
                "content": base64.b64encode(SIREN),
                "seconds": 20,
                **values,
            }
        )

    def schedule(self):
        """One programme at 5:15, not on Sundays."""
        programme = {
            "name": "Thời sự sáng",
            "begins_at": 5.25,
            "minutes": 30,
            "sunday": False,
            "recording_id": self.recording().id,
        }
        return self.env["ttcs.device.schedule"].create(
            {
                "name": "Lịch hè",
                "agency_id": self.committee_c.id,
                "programme_ids": [(0, 0, programme)],
            }
        )

    def order(self, operation, devices=None, places=None, agency=None, **values):
        return self.env["ttcs.device.order"].create(
            {
                "operation": operation,
                "agency_id": (agency or self.committee_c).id,
                "reason": "Kiểm tra",
                "target_kind": "places" if places else "devices",
                "device_ids": devices.ids if devices else [],
                "place_ids": places.ids if places else [],
                **values,
            }
        )

    def emergency(self, operation="play", **values):
        values = {"is_emergency": True, **values}
        if operation == "play":
            values["recording_id"] = self.recording().id
        return self.order(operation, **values)

    def commands(self, order):
        """What the bridge is to send for an order, in the order of its devices."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT id::text, device_id, lane, operation, arguments, mode, state, not_before,"
            " next_at, expires_at FROM ttcs_tele.command WHERE order_id = %s ORDER BY device_id",
            [order.id],
        )
        return self.env.cr.dictfetchall()

    def end(self, command, state, code=None):
        """What the bridge writes when a device has answered."""
        self.env.cr.execute(
            "UPDATE ttcs_tele.command SET state = %s, code = %s WHERE id = %s",
            [state, code, command["id"]],
        )
        self.env.invalidate_all()

    def wait_a_minute(self, order):
        """Put the submission a minute back: its guard is lifted for this statement alone."""
        self.env.flush_all()
        for statement in (
            "ALTER TABLE ttcs_device_order DISABLE TRIGGER ttcs_device_order_steps",
            "UPDATE ttcs_device_order SET submitted_at = submitted_at - interval '61 seconds'"
            f" WHERE id = {order.id}",
            "ALTER TABLE ttcs_device_order ENABLE TRIGGER ttcs_device_order_steps",
        ):
            self.env.cr.execute(statement)
        self.env.invalidate_all()
