"""A checklist of every kind of line and orders with it, for the tests of work orders."""

from __future__ import annotations

import io
from datetime import timedelta

from PIL import Image

from odoo import fields

from ..models.maintenance_request_answering import GivenAnswer
from .common import AssetsCase


class ChecklistCase(AssetsCase):
    """An order of cluster C with a checklist; its lines are ``self.lines[<short name>]``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.checklist, cls.lines = cls.make_checklist()
        cls.technician = cls.make_user(cls.committee_c, "maintenance")
        cls.colleague = cls.make_user(cls.committee_c, "maintenance")
        cls.order = cls.make_checked_order()
        cls.done = cls.env["maintenance.stage"].search([("done", "=", True)], limit=1)
        cls.todo = cls.env["maintenance.stage"].search([("done", "=", False)], limit=1)

    @classmethod
    def make_checklist(cls):
        danger = {"opens_corrective": True, "severity": "danger", "days_until_due": 3}
        volts = {"kind": "number", "uom": "V", "has_lowest": True, "lowest": 198}
        volts |= {"has_highest": True, "highest": 242}
        values = {
            "upright": {"name": "Cột đứng thẳng", "advice": "Rào lại ngay", **danger},
            "volts": {"name": "Điện áp", **volts, "opens_corrective": True},
            "remark": {"name": "Ghi nhận khác", "kind": "text", "required": False},
            "photo": {"name": "Ảnh cụm loa", "kind": "photo", "required": False},
            "meter": {"name": "Đồng hồ giờ", "kind": "meter", "required": False},
        }
        checklist = cls.env["ttcs.checklist"].create(
            {
                "name": "Kiểm tra thử",
                "line_ids": [
                    (0, 0, {"sequence": number, "section": "Chung", **line})
                    for number, line in enumerate(values.values())
                ],
            }
        )
        return checklist, dict(zip(values, checklist.line_ids, strict=True))

    @classmethod
    def make_checked_order(cls, **values):
        return cls.env["maintenance.request"].create(
            {
                "name": "Phiếu có kiểm tra",
                "equipment_id": cls.cluster.id,
                "checklist_id": cls.checklist.id,
                "reported_at": fields.Datetime.now() - timedelta(days=30),
                **values,
            }
        )

    def given(self, minutes_ago=0, note="", **values):
        """Answers by the short names of their lines."""
        at = fields.Datetime.now() - timedelta(minutes=minutes_ago)
        return [
            GivenAnswer(self.lines[name].id, value, note, at) for name, value in values.items()
        ]

    def answer(self, order=None, user=None, **values):
        """Answer as a user; gives what met a newer answer."""
        order = (order or self.order).with_user(user or self.technician)
        return order._answer(self.given(**values))

    def answers(self, order=None):
        """The answers of an order by the short name of their line."""
        names = {line.id: name for name, line in self.lines.items()}
        found = self.env["ttcs.checklist.answer"].search(
            [("request_id", "=", (order or self.order).id)]
        )
        return {names[answer.line_id.id]: answer for answer in found}


def picture(colour="steelblue", size=(320, 240)):
    """The bytes of a photo."""
    stream = io.BytesIO()
    Image.new("RGB", size, colour).save(stream, "JPEG")
    return stream.getvalue()
