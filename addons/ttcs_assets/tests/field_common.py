"""Tags to scan and phones that are signed in, for the tests of the field work."""

from __future__ import annotations

import io
import json
import uuid
from datetime import UTC, datetime, timedelta

from PIL import Image

from odoo.tests import HttpCase

from .common import AssetsCase

PHONE_AGENT = "Mozilla/5.0 (Linux; Android 12; Mobile) AppleWebKit/537.36 Chrome/120.0"
PASSWORD = "Vung-chac-2026"


class FieldCase(AssetsCase, HttpCase):
    """A technician of commune C and one of sibling commune G, each with a phone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.technician = cls.make_user(cls.committee_c, "maintenance", password=PASSWORD)
        cls.technician_g = cls.make_user(cls.committee_g, "maintenance", password=PASSWORD)

    def url_open(self, *arguments, **options):
        """A request, and what the server does after its answer."""
        response = super().url_open(*arguments, **options)
        with self.allow_requests():
            self._wait_remaining_requests()
        self.env.invalidate_all()
        return response

    @classmethod
    def make_tags(cls, count=1, agency=None):
        """Blank tags of an agency, by default the committee of commune C."""
        values = {"agency_id": (agency or cls.committee_c).id}
        return cls.env["ttcs.tag"]._issue([values] * count)

    @classmethod
    def make_tag_on(cls, asset, agency=None):
        tag = cls.make_tags(agency=agency)
        tag._assign(asset)
        return tag

    @classmethod
    def make_order(cls, asset, **values):
        return cls.env["maintenance.request"].create(
            {"name": f"Phiếu của {asset.name}", "equipment_id": asset.id, **values}
        )

    def make_phone(self, user):
        """A signed-in phone; gives ``(device, token)``."""
        devices = self.env["ttcs.field.device"].with_user(user)
        device, token = devices._sign_in(user, "Điện thoại thử")
        return device.sudo(), token

    def ask(self, path, token, **options):
        """A request to the field interface as the kit makes it, without cookies."""
        headers = {"User-Agent": PHONE_AGENT, **options.pop("headers", {})}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        return self.url_open(f"/kt/api/{path}", headers=headers, **options)

    def action(self, kind, photos=(), made_at=None, **payload):
        """One action as the outbox describes it; ``photos`` are the bytes of its files."""
        number = str(uuid.uuid4())
        made_at = made_at or datetime.now(UTC)
        return {
            "uuid": number,
            "kind": kind,
            "payload": payload,
            "created_at": made_at.isoformat(),
            "sequence": 1,
            "files": [
                {"field": f"{number}.{i}", "name": f"{i}.jpg", "type": "image/jpeg"}
                for i in range(len(photos))
            ],
            "contents": list(photos),
        }

    def send(self, token, *actions, clock_off=timedelta()):
        """Send actions as the kit does; gives their verdicts in order.

        :param clock_off: by how much the phone's clock is ahead
        """
        response = self.post_actions(token, *actions, clock_off=clock_off)
        self.assertEqual(response.status_code, 200, response.text)
        verdicts = response.json()["verdicts"]
        return [verdicts[action["uuid"]] for action in actions]

    def post_actions(self, token, *actions, clock_off=timedelta()):
        described = [
            {name: value for name, value in action.items() if name != "contents"}
            for action in actions
        ]
        files = {
            file["field"]: (file["name"], content, file["type"])
            for action in actions
            for file, content in zip(action["files"], action["contents"], strict=True)
        }
        form = {
            "actions": (None, json.dumps(described)),
            "sent_at": (None, (datetime.now(UTC) + clock_off).isoformat()),
        }
        return self.ask("actions", token, files={**form, **files}, method="POST")


def picture(size=(640, 480), form="JPEG", colour="steelblue", **options):
    """The bytes of a picture file."""
    stream = io.BytesIO()
    Image.new("RGB", size, colour).save(stream, form, **options)
    return stream.getvalue()
