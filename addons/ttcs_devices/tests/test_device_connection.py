"""Connections to vendors: what the gateway is told, and what devices of them can be asked."""

import json
import re
from pathlib import Path

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import config

from odoo.addons.ttcs_base.instance_settings import instance_settings

from ttcs_wire.keys import BridgeKeys
from ttcs_wire.sealing import unseal

from ..models.ttcs_device_connection import EXAMPLES
from .common import OrdersCase


@tagged("post_install", "-at_install")
class TestDeviceConnection(OrdersCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = cls.make_user(cls.committee, "administrator")

    def connection(self, kind="poll", **values):
        return self.env["ttcs.device.connection"].create(
            {"name": f"Hãng {kind}", "kind": kind, "agency_id": self.committee_c.id, **values}
        )

    def told(self, connection):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT kind, active, settings, version, sealed FROM ttcs_tele.connection"
            " WHERE id = %s",
            [connection.id],
        )
        return self.env.cr.fetchone()

    def through(self, connection, name="LOA-01"):
        device = self.make_device(
            self.committee_c, connection_id=connection.id, external_code=name
        )
        device.with_user(self.manager).action_put_in_service()
        return device

    def test_the_gateway_is_told_what_the_books_say(self):
        connection = self.connection()
        self.assertEqual(self.told(connection)[:4], ("poll", True, EXAMPLES["poll"], 1))
        settings = {**EXAMPLES["poll"], "interval": 30}
        connection.settings = json.dumps(settings)
        self.assertEqual(self.told(connection)[2:4], (settings, 2))
        connection.name = "Tên khác"
        self.assertEqual(self.told(connection)[3], 2)
        connection.active = False
        self.assertEqual(self.told(connection)[1], False)
        connection.unlink()
        self.assertIsNone(self.told(connection))

    def test_every_example_can_be_used(self):
        for kind in EXAMPLES:
            with self.subTest(kind):
                self.assertTrue(self.connection(kind))

    def test_settings_that_cannot_be_used_are_refused_with_words(self):
        for kind, settings in (
            ("poll", "{"),
            ("poll", "{}"),
            ("poll", json.dumps({**EXAMPLES["poll"], "url": "ftp://x"})),
            ("poll", json.dumps({**EXAMPLES["poll"], "eval": "1"})),
            ("file", json.dumps({**EXAMPLES["file"], "folder": "../../etc"})),
            ("heartbeat", json.dumps({"url": "mqtt://x"})),
            ("push", "[]"),
        ):
            with self.subTest(settings), self.assert_refused(ValidationError):
                self.connection(kind, settings=settings)

    def test_what_is_wrong_with_settings_is_told_in_vietnamese(self):
        poll = EXAMPLES["poll"]
        unknown = {"code": "c", "fields": {"zz": {"path": "a"}}}
        nameless = {"code": "", "fields": {}}
        stop = {"path": "/a", "method": "GET"}
        self.env = self.env(context={**self.env.context, "lang": "vi_VN"})
        for kind, settings, told in (
            ("poll", {}, "thiếu “url”"),
            ("poll", {**poll, "eval": 1}, "không có mục “eval”"),
            ("poll", {**poll, "interval": 0}, "“interval” số phải từ 1 trở lên"),
            ("poll", {**poll, "interval": 1e9}, "số không được quá 86400"),
            ("poll", {**poll, "interval": "a"}, "phải là một số"),
            ("poll", {**poll, "url": "ftp:"}, "“url” viết chưa đúng như ví dụ"),
            ("poll", {**poll, "url": 5}, "phải là chữ trong dấu ngoặc kép"),
            ("poll", {**poll, "prefix": "x" * 30}, "dài quá 20 ký tự"),
            (
                "poll",
                {**poll, "mapping": nameless},
                "ngắn hơn 1 ký tự",
            ),
            ("poll", {**poll, "mapping": unknown}, "“mapping.fields” từ “zz”"),
            ("poll", {**poll, "orders": {"stop": stop}}, "“orders[...].method” từ “GET”"),
            ("poll", {**poll, "mapping": None}, "phải là một nhóm trong ngoặc nhọn"),
            ("file", {"folder": "a"}, "thiếu “mapping.fields.time”"),
            ("heartbeat", {"url": "mqtt://a", "topic": "t", "loudest": 0}, "phải lớn hơn 0"),
        ):
            with (
                self.subTest(told),
                self.assertRaisesRegex(ValidationError, re.escape(told)),
                self.env.cr.savepoint(),
            ):
                self.connection(kind, settings=json.dumps(settings))
        with self.assertRaisesRegex(ValidationError, "dòng 2, ký tự 12"):
            self.connection("push", settings='{\n"interval":,\n}')

    def test_the_secret_is_for_the_gateway_alone(self):
        connection = self.connection("push", secret="bí mật")
        sealed = bytes(self.told(connection)[4])
        self.assertNotIn("bí mật".encode(), sealed)
        keys = BridgeKeys.load(Path(instance_settings(config["config"])["wire_keys"]))
        self.assertEqual(unseal(sealed, f"connection-{connection.id}", keys.sealing), "bí mật")
        connection.invalidate_recordset()
        self.assertTrue(connection.has_secret)
        self.assertFalse(connection.secret)
        with self.assertRaises(AccessError):
            connection.with_user(self.manager).read(["secret"])

    def test_a_device_is_known_by_its_name_there(self):
        connection = self.connection()
        device = self.through(connection)
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT active, connection_id, external_code FROM ttcs_tele.device WHERE id = %s",
            [device.id],
        )
        self.assertEqual(self.env.cr.fetchone(), (True, connection.id, "LOA-01"))
        self.assertEqual(self.asked_of_broker(device), [])
        with self.assert_refused(UserError):
            device.with_user(self.technician)._issue_code()
        with self.assert_refused(UserError):
            self.spare.with_user(self.manager).action_put_in_service()

    def test_a_device_can_be_asked_only_what_its_connection_carries(self):
        polled = self.through(self.connection())
        silent = self.through(self.connection("heartbeat"), "BẢNG-01")
        for operation, fit in (("volume", polled), ("reboot", polled.browse())):
            order = self.order(operation, devices=polled + silent)
            order.action_list_targets()
            unfit = order.target_ids.filtered(lambda target: target.prospect == "unfit")
            self.assertEqual(unfit.device_id, polled + silent - fit, operation)

    def test_how_it_fares_is_shown(self):
        connection = self.connection()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ttcs_tele.connection SET error = 'HTTP 500', received = 7, refused = 2"
            " WHERE id = %s",
            [connection.id],
        )
        shown = connection.with_user(self.operator)
        shown.invalidate_recordset()
        self.assertEqual((shown.error, shown.received, shown.refused), ("HTTP 500", 7, 2))

    def test_what_was_set_apart_is_seen_by_those_who_keep_the_connection(self):
        connection = self.connection()
        device = self.through(connection)
        self.env.flush_all()
        for name in ("LOA-01", "LẠ"):
            self.env.cr.execute(
                "INSERT INTO ttcs_tele.quarantine VALUES"
                " (current_date, %s, 'malformed', 1, now(), now(), '', 'x')",
                [f"{connection.id}:{name}"],
            )
        found = self.env["ttcs.device.quarantine"].search(
            [("device_code", "=like", f"{connection.id}:%")], order="device_code"
        )
        self.assertEqual(found.agency_id, self.committee_c)
        self.assertEqual(found.device_id, device)
        self.assertEqual(self.seen_by(self.manager, found), found)
        elsewhere = self.make_user(self.committee_g, "devices_manager")
        self.assertFalse(self.seen_by(elsewhere, found))

    def test_only_the_administrator_writes_connections(self):
        connection = self.connection()
        for user in (self.operator, self.manager):
            with self.assert_refused(AccessError):
                connection.with_user(user).write({"name": "X"})
        connection.with_user(self.administrator).write({"name": "X"})
