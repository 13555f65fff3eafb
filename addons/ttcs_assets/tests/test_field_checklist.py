"""Orders that a phone closes with answers, photos and a signature."""

import base64
import hashlib
import io
import json
from datetime import UTC, datetime, timedelta

from PIL import Image

from odoo import fields
from odoo.tests import tagged

from .checklist_common import ChecklistCase
from .field_common import FieldCase, picture

HERE = {"latitude": 10.4593, "longitude": 105.6321, "accuracy": 12.5}
THERE = {"latitude": 10.5, "longitude": 105.7, "accuracy": 8.0}


def drawn():
    stream = io.BytesIO()
    Image.new("RGB", (120, 40), "white").save(stream, "PNG")
    return stream.getvalue()


@tagged("post_install", "-at_install")
class TestFieldChecklist(ChecklistCase, FieldCase):
    def setUp(self):
        super().setUp()
        _device, self.token = self.make_phone(self.technician)

    def closing(self, files=(), order=None, made_at=None, **payload):
        """A closing as the phone describes it; files are ``(name, content)``."""
        asked = {
            "order": (order or self.order).id,
            "result": "repaired",
            "checklist": self.checklist.id,
            **payload,
        }
        contents = [content for _name, content in files]
        action = self.action("close_order", photos=contents, made_at=made_at, **asked)
        for file, (name, _content) in zip(action["files"], files, strict=True):
            file["name"] = name
        return action

    def answered(self, **values):
        """Answers as the phone sends them, by the short names of their lines."""
        return [{"line": self.lines[name].id, "value": value} for name, value in values.items()]

    def full(self, **values):
        return self.answered(**{"upright": "yes", "volts": 220, **values})

    def assert_refused(self, verdict, text=""):
        self.assertEqual(verdict["verdict"], "refused", verdict)
        self.assertIn(text, verdict["message"])
        self.env.invalidate_all()
        self.assertFalse(self.order.closed_at)
        self.assertFalse(self.answers())

    def test_the_area_carries_each_checklist_once_and_the_answers_so_far(self):
        for _each in range(3):
            self.make_checked_order()
        self.answer(volts=230)
        self.env.flush_all()
        area = self.ask("area", self.token).json()
        held = area["order_checklists"]["rows"]
        self.assertEqual({row[1] for row in held}, {self.checklist.id})
        self.assertEqual(len(held), 4)
        lines = area["checklist_lines"]
        self.assertEqual(len(lines["rows"]), 5)
        volts = dict(zip(lines["columns"], lines["rows"][1], strict=True))
        self.assertEqual((volts["lowest"], volts["highest"], volts["uom"]), (198, 242, "V"))
        (answer,) = area["checklist_answers"]["rows"]
        self.assertEqual(answer[:3], [self.order.id, self.lines["volts"].id, 230])
        self.assertEqual(answer[5], self.technician.name)

    def test_a_closing_carries_everything(self):
        done_at = datetime.now(UTC) - timedelta(hours=5)
        earlier = (done_at - timedelta(hours=1)).isoformat()
        line = self.lines["photo"].id
        action = self.closing(
            files=[
                ("before-1.jpg", picture(colour="red")),
                ("after-1.jpg", picture(colour="green")),
                (f"line-{line}-1.jpg", picture(colour="blue")),
                ("signature-confirmer.png", drawn()),
            ],
            made_at=done_at,
            answers=self.full(volts=250.5, photo=None, remark="Ồn", meter=1200),
            taken=[{"name": "before-1.jpg", "at": earlier, "position": THERE}],
            position=HERE,
            confirmed_by="Trưởng ấp",
            note="Xong",
        )
        (verdict,) = self.send(self.token, action)
        self.assertEqual(verdict["verdict"], "done", verdict)
        answers = self.answers()
        self.assertEqual(set(answers), set(self.lines))
        self.assertEqual(answers["volts"].verdict, "failed")
        wanted = done_at.replace(tzinfo=None)
        self.assertLess(abs(answers["volts"].answered_at - wanted), timedelta(seconds=2))
        before, after = self.order.photo_before_ids, self.order.photo_after_ids
        self.assertLess(abs(before.taken_at - wanted + timedelta(hours=1)), timedelta(seconds=2))
        self.assertAlmostEqual(before.latitude, THERE["latitude"])
        self.assertAlmostEqual(after.latitude, HERE["latitude"])
        self.assertEqual(self.order.photo_line_ids.answer_id, answers["photo"])
        for photo in self.order.photo_ids:
            kept = base64.b64decode(photo.image)
            self.assertEqual(photo.sha256, hashlib.sha256(kept).hexdigest())
            self.assertEqual(photo.taken_by_id, self.technician)
        self.assertEqual(self.order.confirmed_by, "Trưởng ấp")
        signature = base64.b64decode(self.order.signature)
        self.assertEqual(self.order.signature_sha256, hashlib.sha256(signature).hexdigest())
        self.assertEqual(self.order.corrective_ids.source_answer_id, answers["volts"])
        readings = self.env["ttcs.meter.reading"].search([("equipment_id", "=", self.cluster.id)])
        self.assertEqual(readings.mapped("hours"), [1200])

    def test_the_same_closing_sent_five_times_has_one_effect(self):
        action = self.closing(
            files=[("before-1.jpg", picture())], answers=self.full(upright="no", meter=7)
        )
        verdicts = [self.send(self.token, action)[0]["verdict"] for _time in range(5)]
        self.assertEqual(verdicts, ["done"] + ["repeated"] * 4)
        self.assertEqual(len(self.order.photo_ids), 1)
        self.assertEqual(len(self.order.corrective_ids), 1)
        self.assertEqual(len(self.answers()), 3)

    def test_required_lines_are_asked_for_by_name(self):
        action = self.closing(answers=self.answered(upright="yes"))
        (verdict,) = self.send(self.token, action)
        self.assert_refused(verdict, "Điện áp")
        action["payload"]["answers"] = self.full()
        (verdict,) = self.send(self.token, action)
        self.assertEqual(verdict["verdict"], "done")

    def test_what_cannot_be_repaired_needs_no_answers(self):
        (verdict,) = self.send(self.token, self.closing(result="not_repairable"))
        self.assertEqual(verdict["verdict"], "done")

    def test_wrong_answers_are_refused_and_nothing_is_written(self):
        foreign, lines = self.make_checklist()
        unknown = 2**31 - 2
        line = self.lines["volts"].id
        for answers in (
            self.full(volts="220"),
            self.full(upright=True),
            self.full(upright="yes, but"),
            self.full(remark="x" * 2001),
            self.full(meter=-5),
            self.full(volts=1e300),
            self.full(photo=None),
            self.full(photo="ảnh"),
            [{"line": unknown, "value": "yes"}],
            [{"line": lines["upright"].id, "value": "yes"}],
            [{"line": line, "value": 220}, {"line": line, "value": 230}],
            [{"line": True, "value": 220}],
            [{"line": line, "value": [220]}],
            ["volts"],
            {"line": line},
            "volts",
        ):
            with self.subTest(answers=answers):
                (verdict,) = self.send(self.token, self.closing(answers=answers))
                self.assert_refused(verdict)
        (verdict,) = self.send(self.token, self.closing(checklist=foreign.id, answers=self.full()))
        self.assert_refused(verdict)

    def test_not_a_number_is_no_figure(self):
        action = self.closing(answers=self.full(volts="NaN"))
        text = self.describe(action).replace('"NaN"', "NaN")
        form = {"actions": (None, text), "sent_at": (None, datetime.now(UTC).isoformat())}
        response = self.ask("actions", self.token, files=form, method="POST")
        self.assert_refused(response.json()["verdicts"][action["uuid"]])

    def describe(self, action):
        return json.dumps([{name: action[name] for name in action if name != "contents"}])

    def test_a_line_archived_meanwhile_is_taken_all_the_same(self):
        self.lines["remark"].active = False
        (verdict,) = self.send(self.token, self.closing(answers=self.full(remark="Còn đây")))
        self.assertEqual(verdict["verdict"], "done")
        self.assertEqual(self.answers()["remark"].value_text, "Còn đây")

    def test_more_photos_than_a_closing_holds_are_refused(self):
        files = [(f"after-{n}.jpg", b"x") for n in range(21)]
        (verdict,) = self.send(self.token, self.closing(files=files, answers=self.full()))
        self.assert_refused(verdict, "20")

    def test_a_newer_answer_of_the_office_stands_and_is_told(self):
        made_at = datetime.now(UTC) - timedelta(hours=2)
        self.answer(user=self.colleague, minutes_ago=10, volts=231)
        (verdict,) = self.send(
            self.token, self.closing(answers=self.full(volts=180), made_at=made_at)
        )
        self.assertEqual(verdict["verdict"], "conflict")
        self.assertIn(self.colleague.name, verdict["message"])
        self.assertTrue(self.order.closed_at)
        self.assertEqual(self.answers()["volts"].value_number, 231)
        notes = " ".join(self.order.message_ids.mapped("body"))
        self.assertIn("180 V", notes)

    def test_the_slower_of_two_technicians_loses_nothing(self):
        _device, other = self.make_phone(self.colleague)
        self.send(self.token, self.closing(answers=self.full()))
        second = self.closing(
            files=[("before-1.jpg", picture()), ("signature-confirmer.png", drawn())],
            answers=self.full(upright="no", volts=180.5),
            confirmed_by="Bà Tư",
            note="Cột nghiêng",
        )
        (verdict,) = self.send(other, second)
        self.assertEqual(verdict["verdict"], "conflict")
        self.assertEqual(self.answers()["volts"].value_number, 220)
        self.assertFalse(self.order.confirmed_by)
        notes = " ".join(self.order.message_ids.mapped("body"))
        for text in ("Cột nghiêng", "Cột đứng thẳng", "180", "Bà Tư"):
            self.assertIn(text, notes)
        attached = self.env["ir.attachment"].search(
            [("res_model", "=", self.order._name), ("res_id", "=", self.order.id)]
        )
        self.assertEqual(len(attached), 2)
        self.assertFalse(self.order.photo_ids)

    def test_a_wrong_clock_is_corrected_in_every_answer(self):
        ahead = timedelta(days=2)
        done_at = datetime.now(UTC) - timedelta(hours=3)
        at = (done_at + ahead - timedelta(hours=1)).isoformat()
        answers = [{**answer, "at": at} for answer in self.full()]
        action = self.closing(answers=answers, made_at=done_at + ahead)
        self.send(self.token, action, clock_off=ahead)
        wanted = done_at.replace(tzinfo=None) - timedelta(hours=1)
        found = self.answers()["volts"].answered_at
        self.assertLess(abs(found - wanted), timedelta(seconds=10))
        self.assertLess(found, fields.Datetime.now())
