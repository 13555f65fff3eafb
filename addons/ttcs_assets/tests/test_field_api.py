"""What phones send: verdicts, doing things once, reach, clocks and photos."""

import doctest
import io
import json
import struct
import zlib
from datetime import UTC, datetime, timedelta

from PIL import Image

from odoo import fields
from odoo.tests import BaseCase, tagged

from .. import field_actions, photos, visitors
from .field_common import FieldCase, picture

HERE = {"latitude": 10.4593, "longitude": 105.6321, "accuracy": 12.5}


@tagged("post_install", "-at_install")
class TestFieldActions(FieldCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls.make_order(cls.cluster)

    def setUp(self):
        super().setUp()
        self.device, self.token = self.make_phone(self.technician)

    def orders_of(self, asset):
        return self.env["maintenance.request"].search([("equipment_id", "=", asset.id)])

    def log_of(self, action):
        return self.env["ttcs.field.action"].search([("uuid", "=", action["uuid"])])

    def fault(self, asset=None, text="Loa không kêu", severity="major", **more):
        payload = {"asset": (asset or self.cluster).id, "text": text, "severity": severity}
        return self.action("report_fault", **payload, **more)

    def photos_of(self, record):
        return self.env["ir.attachment"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)]
        )

    def assert_refused(self, verdict):
        self.assertEqual(verdict["verdict"], "refused", verdict)
        self.assertTrue(verdict["message"])

    def test_a_fault_becomes_a_work_order_with_its_photos(self):
        action = self.fault(
            text="Rè & <b>hở</b> dây\nCột nghiêng",
            severity="danger",
            position=HERE,
            photos=[picture(), picture(colour="red", form="PNG")],
        )
        (verdict,) = self.send(self.token, action)
        self.assertEqual(verdict["verdict"], "done")
        order = self.orders_of(self.cluster) - self.order
        self.assertEqual(verdict["result"]["order"], order.id)
        self.assertIn("Rè &amp; &lt;b&gt;hở&lt;/b&gt; dây", order.description)
        self.assertEqual((order.priority, order.reported_by), ("3", "technician"))
        self.assertEqual((order.unit_id, order.create_uid), (self.hamlet_c, self.technician))
        self.assertEqual(self.cluster.condition, "broken")
        attached = self.photos_of(order)
        self.assertEqual(len(attached), 2)
        for attachment in attached:
            self.assertEqual(attachment.mimetype, "image/jpeg")
            digest = photos.Photo(attachment.raw, 0, 0).sha256
            self.assertIn(digest, attachment.description)
            self.assertIn("10.459300, 105.632100", attachment.description)
        log = self.log_of(action)
        self.assertEqual((log.verdict, log.photo_count, log.device_id), ("done", 2, self.device))
        self.assertEqual((log.request_id, log.equipment_id), (order, self.cluster))

    def test_the_same_action_sent_five_times_is_done_once(self):
        action = self.fault(photos=[picture()])
        verdicts = [self.send(self.token, action)[0] for _time in range(5)]
        self.assertEqual([v["verdict"] for v in verdicts], ["done"] + ["repeated"] * 4)
        self.assertEqual(
            {v["result"]["order"] for v in verdicts}, {verdicts[0]["result"]["order"]}
        )
        order = self.orders_of(self.cluster) - self.order
        self.assertEqual((len(order), len(self.photos_of(order))), (1, 1))
        self.assertEqual(self.log_of(action).attempts, 5)

    def test_the_uuid_of_another_account_tells_nothing(self):
        action = self.fault()
        self.send(self.token, action)
        _device, token_g = self.make_phone(self.technician_g)
        (verdict,) = self.send(token_g, action)
        self.assert_refused(verdict)
        self.assertFalse(verdict["result"])

    def test_one_bad_action_does_not_hold_up_the_others(self):
        good, bad, unknown = self.fault(), self.fault(self.cluster_g), self.action("explode")
        late = self.action("close_order", order=self.order.id, result="repaired", note="Xong")
        verdicts = self.send(self.token, good, bad, unknown, late)
        self.assertEqual(
            [verdict["verdict"] for verdict in verdicts], ["done", "refused", "refused", "done"]
        )
        self.assertEqual(self.order.result, "repaired")

    def test_an_asset_that_moved_out_of_reach_is_refused_and_may_come_again(self):
        action = self.fault()
        self.cluster.write({"unit_id": self.hamlet_g.id, "agency_id": self.committee_g.id})
        (verdict,) = self.send(self.token, action)
        self.assert_refused(verdict)
        log = self.log_of(action)
        self.assertEqual((log.verdict, log.equipment_id), ("refused", self.cluster))
        self.assertEqual(log.payload["text"], "Loa không kêu")
        self.cluster.write({"unit_id": self.hamlet_c.id, "agency_id": self.committee_c.id})
        (verdict,) = self.send(self.token, action)
        self.assertEqual((verdict["verdict"], log.verdict), ("done", "done"))

    def test_another_communes_asset_or_order_cannot_be_changed_by_its_id(self):
        order_g = self.make_order(self.cluster_g)
        before = (self.cluster_g.condition, self.cluster_g.latitude)
        verdicts = self.send(
            self.token,
            self.fault(self.cluster_g),
            self.action("close_order", order=order_g.id, result="repaired"),
            self.action("set_position", asset=self.cluster_g.id, position=HERE),
            self.action("set_condition", asset=self.cluster_g.id, condition="broken"),
            self.action("claim_tag", asset=self.cluster_g.id, code=self.make_tags().code),
        )
        for verdict in verdicts:
            self.assert_refused(verdict)
        self.assertFalse(order_g.closed_at)
        self.assertEqual((self.cluster_g.condition, self.cluster_g.latitude), before)

    def test_closing_takes_the_result_the_note_and_the_time_of_the_work(self):
        self.order.reported_at = fields.Datetime.now() - timedelta(days=2)
        self.cluster.condition_date = self.today - timedelta(days=2)
        done_at = datetime.now(UTC) - timedelta(hours=5)
        action = self.action(
            "close_order",
            order=self.order.id,
            result="partly",
            note="Thay loa, còn thiếu dây",
            photos=[picture()],
            made_at=done_at,
        )
        (verdict,) = self.send(self.token, action)
        self.assertEqual(verdict["verdict"], "done")
        self.assertTrue(self.order.stage_id.done)
        self.assertEqual(self.order.resolution, "Thay loa, còn thiếu dây")
        self.assertEqual(self.order.closed_by_id, self.technician)
        wanted = done_at.replace(tzinfo=None)
        self.assertLess(abs(self.order.closed_at - wanted), timedelta(seconds=2))
        self.assertEqual(self.cluster.condition, "degraded")
        self.assertEqual(len(self.order.photo_after_ids), 1)

    def test_a_fault_reported_since_the_work_ended_is_not_overwritten(self):
        now = fields.Datetime.now()
        self.order.reported_at = now - timedelta(days=2)
        newer = self.make_order(self.cluster, reported_at=now - timedelta(hours=2))
        self.cluster.condition = "broken"
        ended = datetime.now(UTC) - timedelta(hours=5)
        closing = self.action(
            "close_order", order=self.order.id, result="repaired", note="", made_at=ended
        )
        (verdict,) = self.send(self.token, closing)
        self.assertEqual(verdict["verdict"], "done")
        self.assertTrue(self.order.closed_at)
        self.assertEqual(self.cluster.condition, "broken")
        self.assertFalse(newer.downtime_ids.ended_at)

    def test_a_condition_seen_on_a_later_day_outlives_an_older_closing(self):
        now = fields.Datetime.now()
        self.order.reported_at = now - timedelta(days=4)
        self.cluster.condition = "degraded"
        ended = datetime.now(UTC) - timedelta(days=2)
        closing = self.action(
            "close_order", order=self.order.id, result="not_repairable", note="", made_at=ended
        )
        self.send(self.token, closing)
        self.assertEqual(self.order.result, "not_repairable")
        self.assertEqual(self.cluster.condition, "degraded")

    def test_the_second_technician_to_close_an_order_overwrites_nothing(self):
        colleague = self.make_user(self.committee_c, "maintenance")
        _device, other_token = self.make_phone(colleague)
        first = self.action("close_order", order=self.order.id, result="repaired", note="Nguồn")
        second = self.action(
            "close_order",
            order=self.order.id,
            result="not_repairable",
            note="Loa <cháy>",
            photos=[picture()],
        )
        self.send(self.token, first)
        (verdict,) = self.send(other_token, second)
        self.assertEqual(verdict["verdict"], "conflict")
        self.assertIn(self.technician.name, verdict["message"])
        self.assertEqual((self.order.result, self.order.resolution), ("repaired", "Nguồn"))
        self.assertEqual(self.cluster.condition, "good")
        notes = self.order.message_ids.mapped("body")
        self.assertEqual(sum("Loa &lt;cháy&gt;" in note for note in notes), 1)
        self.assertEqual(len(self.photos_of(self.order)), 1)
        (again,) = self.send(other_token, second)
        self.assertEqual(again["verdict"], "conflict")
        self.assertEqual(len(self.order.message_ids), len(notes))

    def test_a_clock_two_days_wrong_is_noted_and_corrected(self):
        for days in (-2, 2):
            clock_off = timedelta(days=days)
            happened = datetime.now(UTC) - timedelta(hours=1)
            action = self.fault(made_at=happened + clock_off)
            (verdict,) = self.send(self.token, action, clock_off=clock_off)
            self.assertEqual(verdict["verdict"], "done")
            log = self.log_of(action)
            self.assertTrue(log.clock_is_doubtful)
            self.assertAlmostEqual(log.clock_skew, -days * 86400, delta=10)
            order = self.env["maintenance.request"].browse(verdict["result"]["order"])
            wanted = happened.replace(tzinfo=None)
            for moment in (log.happened_at, order.reported_at):
                self.assertLess(abs(moment - wanted), timedelta(seconds=10))
        right = self.fault()
        self.send(self.token, right)
        self.assertFalse(self.log_of(right).clock_is_doubtful)

    def test_a_time_of_the_future_or_of_long_ago_counts_as_now(self):
        for made_at in (
            datetime.now(UTC) + timedelta(days=400),
            datetime(1970, 1, 1, tzinfo=UTC),
        ):
            action = self.fault(made_at=made_at)
            self.send(self.token, action)
            log = self.log_of(action)
            self.assertEqual(log.happened_at, log.received_at)
            self.assertTrue(log.clock_is_doubtful)

    def test_a_time_that_no_clock_shows_is_none(self):
        for made_at in (
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59Z",
            "0001-01-01T00:00:00+14:00",
        ):
            action = {**self.fault(), "created_at": made_at}
            (verdict,) = self.send(self.token, action)
            self.assertEqual(verdict["verdict"], "done")
            log = self.log_of(action)
            self.assertFalse(log.phone_time)
            self.assertEqual(log.happened_at, log.received_at)

    def test_one_action_that_is_nonsense_keeps_no_other_from_arriving(self):
        nonsense = [{**self.fault(), "payload": {"asset": True}}]
        nonsense += [{**self.fault(), "payload": True}]
        nonsense += [self.action("close_order", order=True, result=[], note={})]
        *refused, done = self.send(self.token, *nonsense, self.fault())
        self.assertEqual({each["verdict"] for each in refused}, {"refused"})
        self.assertEqual(done["verdict"], "done")

    def test_a_blank_tag_is_claimed_once(self):
        tag = self.make_tags()
        claim = self.action(
            "claim_tag",
            code=tag._address(),
            asset=self.cluster.id,
            point="pole_foot",
            photos=[picture()],
        )
        (verdict,) = self.send(self.token, claim)
        self.assertEqual(verdict["verdict"], "done", verdict)
        self.assertEqual((tag.state, tag.equipment_id), ("assigned", self.cluster))
        self.assertEqual((tag.point, tag.assigned_by_id), ("pole_foot", self.technician))
        self.assertEqual(len(self.photos_of(self.cluster)), 1)
        same = self.action("claim_tag", code=tag.spoken_code, asset=self.cluster.id)
        other = self.action("claim_tag", code=tag.code, asset=self.station.id)
        forged = self.action("claim_tag", code="0" * 18, asset=self.station.id)
        foreign = self.make_tags(agency=self.committee_g)
        theirs = self.action("claim_tag", code=foreign.code, asset=self.station.id)
        verdicts = self.send(self.token, same, other, forged, theirs)
        self.assertEqual(
            [verdict["verdict"] for verdict in verdicts],
            ["done", "conflict", "refused", "refused"],
        )
        self.assertEqual(tag.equipment_id, self.cluster)

    def test_a_position_is_replaced_only_by_a_better_one_or_on_demand(self):
        def measure(accuracy, latitude=10.4593, **more):
            position = {"latitude": latitude, "longitude": 105.6321, "accuracy": accuracy}
            action = self.action("set_position", asset=self.cluster.id, position=position, **more)
            return self.send(self.token, action)[0]

        self.assertEqual(measure(20)["verdict"], "done")
        self.assertEqual(measure(8, latitude=10.5)["verdict"], "done")
        self.assert_refused(measure(9, latitude=10.6))
        self.assertAlmostEqual(self.cluster.latitude, 10.5)
        self.assertEqual(measure(9, latitude=10.6, force=True)["verdict"], "done")
        self.assertAlmostEqual(self.cluster.latitude, 10.6)
        self.assertAlmostEqual(self.cluster.position_accuracy, 9)
        for latitude in (0, 48.8, 91, None, "10.5"):
            self.assert_refused(measure(1, latitude=latitude))
        self.assertAlmostEqual(self.cluster.latitude, 10.6)

    def test_a_condition_seen_later_is_not_overwritten_by_an_older_one(self):
        def seen(days_ago, condition):
            return self.action(
                "set_condition",
                asset=self.cluster.id,
                condition=condition,
                note="Nghe rõ",
                made_at=datetime.now(UTC) - timedelta(days=days_ago),
            )

        (verdict,) = self.send(self.token, seen(0, "degraded"))
        self.assertEqual(verdict["verdict"], "done")
        self.assertEqual(self.cluster.condition_date, self.today)
        (verdict,) = self.send(self.token, seen(3, "good"))
        self.assertEqual((verdict["verdict"], self.cluster.condition), ("conflict", "degraded"))

    def test_a_photo_is_drawn_anew_upright_and_without_its_secrets(self):
        exif = Image.Exif()
        exif[0x0112] = 6
        exif[0x010F] = "MAKER-OF-PHONE"
        exif.get_ifd(0x8825)[1] = "N"
        exif.get_ifd(0x8825)[2] = (10.0, 27.0, 33.0)
        content = picture((800, 600), exif=exif, comment=b"COMMENT-INSIDE")
        self.assertIn(b"MAKER-OF-PHONE", content)
        action = self.fault(photos=[content, picture((4000, 3000)), picture(form="WEBP")])
        (verdict,) = self.send(self.token, action)
        order = self.env["maintenance.request"].browse(verdict["result"]["order"])
        upright, large, webp = self.photos_of(order).sorted("name").mapped("raw")
        self.assertNotIn(b"MAKER-OF-PHONE", upright)
        self.assertNotIn(b"COMMENT-INSIDE", upright)
        image = Image.open(io.BytesIO(upright))
        self.assertEqual((image.size, dict(image.getexif())), ((600, 800), {}))
        self.assertEqual(Image.open(io.BytesIO(large)).size, (1920, 1440))
        self.assertEqual(Image.open(io.BytesIO(webp)).format, "JPEG")

    def test_what_is_not_a_photo_refuses_the_action_and_nothing_is_lost(self):
        traps = {
            "SVG named .jpg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            "HTML named .jpg": b"<!DOCTYPE html><script>alert(1)</script>",
            "30,000 pixels a side": _huge_png(30_000),
            "5,100 pixels a side": _huge_png(5_100),
            "JPEG in name only": b"\xff\xd8\xff\xe0" + b"\x00" * 500,
            "PDF": b"%PDF-1.7\n",
            "empty": b"",
            "9 MB": picture() + b"\x00" * 9_000_000,
        }
        for name, content in traps.items():
            action = self.fault(photos=[picture(), content])
            (verdict,) = self.send(self.token, action)
            self.assert_refused(verdict)
            self.assertIn("2", verdict["message"], name)
            self.assertEqual(self.log_of(action).verdict, "refused")
        self.assertEqual(self.orders_of(self.cluster), self.order)
        # The phone still has it: corrected, the same action is done.
        corrected = {**action, "files": action["files"][:1], "contents": action["contents"][:1]}
        self.assertEqual(self.send(self.token, corrected)[0]["verdict"], "done")

    def test_six_photos_or_a_missing_one_are_refused(self):
        self.assert_refused(self.send(self.token, self.fault(photos=[picture()] * 6))[0])
        action = self.fault(photos=[picture()])
        action["files"][0]["field"] = "another"
        form = {"actions": json.dumps([{**action, "contents": None}])}
        response = self.ask("actions", self.token, data=form).json()
        self.assert_refused(response["verdicts"][action["uuid"]])
        self.assertEqual(self.orders_of(self.cluster), self.order)

    def test_a_request_that_cannot_be_read_is_refused_whole(self):
        fault = self.fault()
        for actions in (
            [self.fault() for _number in range(201)],
            [fault, fault],
            [{**self.fault(), "uuid": "1"}],
        ):
            response = self.post_actions(self.token, *actions)
            self.assertEqual(response.status_code, 400)
            self.assertTrue(response.json()["message"])
        for text in ("", "{}", "[1]", "[" * 100_000, '[{"uuid": NaN}]'):
            response = self.ask("actions", self.token, data={"actions": text})
            self.assertEqual(response.status_code, 400)
        self.assertEqual(self.orders_of(self.cluster), self.order)

    def test_what_no_database_can_store_does_no_harm(self):
        action = self.fault(text="Loa\x00 hỏng \ud800", unknown={"\x00": ["\x00", 1e400]})
        (verdict,) = self.send(self.token, action)
        self.assertEqual(verdict["verdict"], "done")
        self.assertEqual(self.log_of(action).payload["text"], "Loa hỏng ?")

    def test_an_action_costs_a_fixed_number_of_queries(self):
        def receive(count):
            entries = [
                self.action("set_condition", asset=self.cluster.id, condition="good")
                for _number in range(count)
            ]
            log = self.env["ttcs.field.action"].with_user(self.technician)
            log._receive(entries, None, lambda _field: None)

        receive(2)
        ten = self.count_queries(lambda: receive(10))
        thirty = self.count_queries(lambda: receive(30))
        # All are claimed, looked up, written and noted together.
        self.assertLessEqual(thirty - ten, 2)

    def test_too_many_requests_of_one_phone_are_put_off(self):
        limits = self.env["ttcs.rate.limit"]
        subject = str(self.device.id)
        for _number in range(300):
            limits._seconds_to_wait("actions", subject, 300, 600)
        response = self.post_actions(self.token, self.fault())
        self.assertEqual(response.status_code, 429)
        self.assertGreater(int(response.headers["Retry-After"]), 0)
        _device, other = self.make_phone(self.technician)
        self.assertEqual(self.post_actions(other, self.fault()).status_code, 200)

    def test_who_sees_the_log(self):
        manager = self.make_user(self.committee_c, "maintenance_manager")
        manager_g = self.make_user(self.committee_g, "maintenance_manager")
        colleague = self.make_user(self.committee_c, "maintenance")
        mine, refused = self.fault(), self.fault(self.cluster_g)
        self.send(self.token, mine, refused)
        both = self.log_of(mine) | self.log_of(refused)
        self.assertEqual(self.seen_by(self.technician, both), both)
        self.assertEqual(self.seen_by(manager, both), both)
        self.assertFalse(self.seen_by(colleague, both))
        # What was tried on an asset of G concerns its managers.
        self.assertEqual(self.seen_by(manager_g, both), self.log_of(refused))


def _huge_png(side):
    """A PNG of a few kilobytes that claims so many black pixels a side."""

    def chunk(name, content):
        checksum = zlib.crc32(name + content)
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\x00" * ((side // 8 + 2) * 200), 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


class TestFieldDoctests(BaseCase):
    def test_examples_of_the_pure_modules(self):
        for module in (field_actions, photos, visitors):
            failed, tried = doctest.testmod(module)
            self.assertTrue(tried, module.__name__)
            self.assertFalse(failed, module.__name__)
