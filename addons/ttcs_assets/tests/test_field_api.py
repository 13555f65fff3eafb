"""What phones load and send: reach, verdicts, doing things once, clocks and photos."""

import doctest
import gzip
import io
import json
import struct
import threading
import time
import uuid
import zlib
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from unittest.mock import patch

from PIL import Image

import odoo.sql_db
from odoo import SUPERUSER_ID, api, fields
from odoo.service.model import retrying
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name

from .. import field_actions, photos, visitors
from ..models import ttcs_field_area
from .field_common import FieldCase, picture

HERE = {"latitude": 10.4593, "longitude": 105.6321, "accuracy": 12.5}


@tagged("post_install", "-at_install")
class TestFieldArea(FieldCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tag = cls.make_tag_on(cls.cluster)
        cls.blank = cls.make_tags()
        cls.order = cls.make_order(cls.cluster, description="<p>Kêu <b>rè</b></p>")
        cls.order_g = cls.make_order(cls.cluster_g)

    def rows(self, table):
        return [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]

    def area(self, token, query="", **options):
        response = self.ask(f"area{query}", token, **options)
        self.assertEqual(response.status_code, 200)
        return response.json()

    def test_the_area_holds_what_is_in_reach_and_nothing_else(self):
        _device, token = self.make_phone(self.technician)
        area = self.area(token)
        assets = {row["id"]: row for row in self.rows(area["assets"])}
        mine = self.station | self.cluster | self.cluster_at_commune
        self.assertEqual(set(assets), set(mine.ids))
        self.assertEqual(assets[self.cluster.id]["parent_asset_id"], self.station.id)
        tags = {row["code"]: row for row in self.rows(area["tags"])}
        self.assertEqual(tags[self.tag.code]["equipment_id"], self.cluster.id)
        self.assertEqual(tags[self.blank.code]["state"], "blank")
        orders = self.rows(area["orders"])
        self.assertEqual([row["id"] for row in orders], self.order.ids)
        self.assertEqual(orders[0]["description"], "Kêu *rè*")
        self.assertIn(self.hamlet_c.id, [row["id"] for row in self.rows(area["units"])])
        self.assertEqual([row["name"] for row in area["communes"]], [self.commune_c.full_name])
        self.assertFalse(area["choose"])
        body = json.dumps(area)
        for secret in ("serial_no", "sim_number", "original_cost", "head_phone"):
            self.assertNotIn(secret, body)

    def test_a_communes_choice_limits_the_area_and_never_widens_it(self):
        _device, token = self.make_phone(self.technician)
        none = self.area(token, f"?communes={self.commune_g.id}")
        self.assertEqual(none["assets"]["rows"], [])
        both = self.area(token, f"?communes={self.commune_g.id},{self.commune_c.id},x,-1")
        self.assertEqual(len(both["assets"]["rows"]), 3)

    def test_with_too_many_communes_only_ones_own_orders_come_unasked(self):
        user = self.make_user(self.department, "maintenance")
        self.order_g.user_id = user
        _device, token = self.make_phone(user)
        with patch.object(ttcs_field_area, "MOST_COMMUNES_AT_ONCE", 2):
            area = self.area(token)
        self.assertTrue(area["choose"])
        self.assertEqual([row["id"] for row in self.rows(area["orders"])], self.order_g.ids)
        self.assertEqual([row["id"] for row in self.rows(area["assets"])], self.cluster_g.ids)
        communes = self.ask("communes", token).json()["communes"]
        counts = {row["id"]: row["assets"] for row in communes}
        self.assertEqual(counts[self.commune_c.id], 3)
        self.assertNotIn(self.commune_a.id, counts)

    def test_an_unchanged_area_is_not_sent_again(self):
        _device, token = self.make_phone(self.technician)
        first = self.ask("area", token)
        version = first.headers["ETag"]
        self.assertIn("no-cache", first.headers["Cache-Control"])
        again = self.ask("area", token, headers={"If-None-Match": version})
        self.assertEqual((again.status_code, again.content), (304, b""))
        self.cluster.name = "Đã đổi tên"
        self.assertEqual(
            self.ask("area", token, headers={"If-None-Match": version}).status_code, 200
        )

    def test_a_thousand_assets_stay_small_and_cost_a_fixed_number_of_queries(self):
        def make(count):
            return self.env["maintenance.equipment"].create(
                [
                    {
                        "name": f"Cụm loa số {number} tuyến đường liên ấp",
                        "category_id": self.kind("cluster").id,
                        "agency_id": self.committee_c.id,
                        "unit_id": self.hamlet_c.id,
                        "site_note": "Trụ điện trước nhà văn hóa, cạnh cầu",
                        "latitude": 10.4 + number / 10000,
                        "longitude": 105.6,
                        "position_accuracy": 8,
                    }
                    for number in range(count)
                ]
            )

        area = self.env["ttcs.field.area"].with_user(self.technician)
        make(10)
        area._area()
        few = self.count_queries(area._area)
        for tag, asset in zip(self.make_tags(990), make(990), strict=True):
            tag.write({"state": "assigned", "equipment_id": asset.id})
        self.assertLessEqual(self.count_queries(area._area), few)
        _device, token = self.make_phone(self.technician)
        response = self.ask("area", token)
        self.assertEqual(response.headers["Content-Encoding"], "gzip")
        self.assertLess(len(response.content), 700_000)
        self.assertLess(len(gzip.compress(response.content)), 150_000)

    def test_one_asset_comes_with_its_history(self):
        self.order._close("repaired", "Đã thay nguồn")
        self.cluster.unit_id = self.commune_c
        _device, token = self.make_phone(self.technician)
        asset = self.ask(f"asset/{self.cluster.id}", token).json()["asset"]
        self.assertEqual(asset["orders"][0]["resolution"], "Đã thay nguồn")
        self.assertEqual(asset["tags"]["rows"][0][0], self.tag.code)
        self.assertEqual(asset["place"], self.commune_c.display_name)
        self.assertTrue(asset["placements"])

    def test_an_asset_out_of_reach_is_not_shown_by_its_id(self):
        _device, token = self.make_phone(self.technician)
        response = self.ask(f"asset/{self.cluster_g.id}", token)
        self.assertEqual(response.status_code, 404)
        self.assertNotIn(self.cluster_g.name, response.text)

    def test_a_scanned_text_is_told_apart(self):
        _device, token = self.make_phone(self.technician)
        tag_g = self.make_tag_on(self.cluster_g, agency=self.committee_g)
        blank_g = self.make_tags(agency=self.committee_g)
        self.env["ttcs.tag.alias"].create({"name": "893456", "equipment_id": self.cluster.id})
        wanted = {
            self.tag._address(): "assigned",
            self.tag.spoken_code_shown: "assigned",
            self.blank.code: "blank",
            "893456": "alias",
            tag_g.code: "out_of_reach",
            blank_g.code: "out_of_reach",
            f"HTTPS://EVIL.EXAMPLE/A/{self.tag.code}": "imitation",
            self.tag.code[:-1] + ("0" if self.tag.code[-1] != "0" else "1"): "forged",
            "https://example.com": "unknown",
        }
        for text, status in wanted.items():
            answer = self.ask("tag", token, params={"text": text}).json()
            self.assertEqual(answer["status"], status, text)
            has_asset = status in ("assigned", "alias")
            self.assertEqual(bool(answer["asset"]), has_asset, text)
        scans = self.env["ttcs.tag.scan"].search([("tag_id", "=", self.tag.id)])
        self.assertEqual(scans.mapped("face"), ["technician"] * 2)
        self.assertEqual(scans.user_id, self.technician)

    def test_errors_of_the_server_itself_are_json_too(self):
        _device, token = self.make_phone(self.technician)
        for response in (
            self.ask("nothing-here", token),
            self.ask("actions", token, data=b"x" * 50_000_000, method="POST"),
            self.ask("sign-in", None, data="{", method="POST"),
        ):
            self.assertGreaterEqual(response.status_code, 400)
            self.assertTrue(response.json()["message"])


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
        done_at = datetime.now(timezone.utc) - timedelta(hours=5)
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
        self.assertEqual(len(self.photos_of(self.order)), 1)

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
            happened = datetime.now(timezone.utc) - timedelta(hours=1)
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
            datetime.now(timezone.utc) + timedelta(days=400),
            datetime(1970, 1, 1, tzinfo=timezone.utc),
        ):
            action = self.fault(made_at=made_at)
            self.send(self.token, action)
            log = self.log_of(action)
            self.assertEqual(log.happened_at, log.received_at)
            self.assertTrue(log.clock_is_doubtful)

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
                made_at=datetime.now(timezone.utc) - timedelta(days=days_ago),
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
        # The row of the log, the asset, a savepoint (two), what is written.
        self.assertLessEqual(thirty - ten, 20 * 6)

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


@tagged("post_install", "-at_install")
class TestTwoRequestsAtOnce(BaseCase):
    """Real connections: what two requests do to each other cannot be seen in one transaction."""

    def setUp(self):
        super().setUp()
        self.database = odoo.sql_db.db_connect(get_db_name())
        with self.committed() as env:
            kind = env.ref("ttcs_base.ttcs_unit_kind_commune")
            unit = env["ttcs.unit"].create({"name": "Hai kết nối", "kind_id": kind.id})
            agency = env["ttcs.agency"].create({"name": "Hai kết nối", "unit_id": unit.id})
            asset = env["maintenance.equipment"].create(
                {
                    "name": "Cụm loa hai kết nối",
                    "category_id": env.ref(
                        "ttcs_assets.maintenance_equipment_category_cluster"
                    ).id,
                    "agency_id": agency.id,
                    "unit_id": unit.id,
                }
            )
            self.unit_id, self.agency_id, self.asset_id = unit.id, agency.id, asset.id
        self.addCleanup(self.remove)

    @contextmanager
    def committed(self):
        """An environment whose changes stand when the block ends."""
        with self.database.cursor() as cursor:
            yield api.Environment(cursor, SUPERUSER_ID, {"tracking_disable": True})

    def remove(self):
        with self.database.cursor() as cursor:
            for statement in (
                "DELETE FROM mail_message WHERE model = 'maintenance.request' AND res_id IN"
                " (SELECT id FROM maintenance_request WHERE equipment_id = %(asset)s)",
                "DELETE FROM ttcs_field_action WHERE equipment_id = %(asset)s",
                "DELETE FROM maintenance_request WHERE equipment_id = %(asset)s",
                "DELETE FROM maintenance_equipment WHERE id = %(asset)s",
                "DELETE FROM ttcs_placement WHERE unit_id = %(unit)s",
                "DELETE FROM ttcs_agency WHERE id = %(agency)s",
                "DELETE FROM ttcs_unit WHERE id = %(unit)s",
            ):
                cursor.execute(
                    statement,
                    {"asset": self.asset_id, "agency": self.agency_id, "unit": self.unit_id},
                )

    def meet(self, first, second):
        """Receive one action while another is being carried out; gives both verdicts.

        The second request waits for the first, which commits only then.
        """
        verdicts = {}

        def receive_second():
            with self.committed() as env:
                verdicts["second"] = retrying(lambda: self.receive(env, second), env)

        thread = threading.Thread(target=receive_second)
        with self.committed() as env:
            verdicts["first"] = self.receive(env, first)
            env.flush_all()
            thread.start()
            self.wait_until_blocked()
        thread.join(timeout=60)
        return verdicts["first"]["verdict"], verdicts["second"]["verdict"]

    def receive(self, env, action):
        verdicts = env["ttcs.field.action"]._receive([action], None, lambda _field: None)
        return verdicts[action["uuid"]]

    def wait_until_blocked(self):
        limit = time.monotonic() + 30
        while time.monotonic() < limit:
            with self.database.cursor() as cursor:
                cursor.execute(
                    "SELECT 1 FROM pg_stat_activity"
                    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
                )
                if cursor.rowcount:
                    return
        self.fail("the second request did not wait for the first")

    def action(self, kind, **payload):
        return {"uuid": str(uuid.uuid4()), "kind": kind, "payload": payload}

    def test_the_same_action_on_two_connections_is_done_once(self):
        fault = self.action(
            "report_fault", asset=self.asset_id, text="Loa không kêu", severity="major"
        )
        self.assertEqual(self.meet(fault, fault), ("done", "repeated"))
        with self.committed() as env:
            orders = env["maintenance.request"].search([("equipment_id", "=", self.asset_id)])
            self.assertEqual(len(orders), 1)

    def test_of_two_who_close_an_order_at_the_same_moment_one_wins(self):
        with self.committed() as env:
            order = env["maintenance.request"].create(
                {"name": "Hai người", "equipment_id": self.asset_id}
            )
            order_id = order.id
        verdicts = self.meet(
            self.action("close_order", order=order_id, result="repaired", note="Người thứ nhất"),
            self.action("close_order", order=order_id, result="partly", note="Người thứ hai"),
        )
        self.assertEqual(verdicts, ("done", "conflict"))
        with self.committed() as env:
            order = env["maintenance.request"].browse(order_id)
            self.assertEqual((order.result, order.resolution), ("repaired", "Người thứ nhất"))
            self.assertIn("Người thứ hai", " ".join(order.message_ids.mapped("body")))


class TestFieldDoctests(BaseCase):
    def test_examples_of_the_pure_modules(self):
        for module in (field_actions, photos, visitors):
            failed, tried = doctest.testmod(module)
            self.assertTrue(tried, module.__name__)
            self.assertFalse(failed, module.__name__)
