"""Orders that a phone closes with the parts used and the time worked."""

import gzip

from odoo import fields
from odoo.tests import tagged

from ..field_actions import Timing, read_action
from .common import AssetsCase
from .field_common import FieldCase, picture
from .test_order_cost import OrderCase


class FieldPartsCase(FieldCase):
    """An open order of the cluster of commune C, a catalogue of two parts, and a phone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fuse, cls.horn = cls.env["ttcs.spare.part"].create(
            [
                {"name": "Cầu chì 5A", "code": "CC5", "uom": "cái", "unit_price": 5_000},
                {"name": "Màng loa 30 W", "code": "ML30", "uom": "cái", "unit_price": 150_000},
            ]
        )
        cls.order = cls.make_order(cls.cluster)

    def setUp(self):
        super().setUp()
        _device, self.token = self.make_phone(self.technician)

    def closing(self, order=None, **payload):
        asked = {"order": (order or self.order).id, "result": "repaired", **payload}
        return self.action("close_order", **asked)

    def close(self, token=None, **payload):
        (verdict,) = self.send(token or self.token, self.closing(**payload))
        return verdict

    def used(self, part=None, name=None, quantity=1):
        return {"part": part.id if part else None, "name": name, "quantity": quantity}

    def notes(self, order=None):
        return " ".join((order or self.order).message_ids.mapped("body"))


@tagged("post_install", "-at_install")
class TestFieldParts(FieldPartsCase):
    def test_parts_and_minutes_are_lines_at_the_prices_of_the_office(self):
        verdict = self.close(
            parts=[
                self.used(self.fuse, "Cầu chì", 2.5),
                self.used(name="Băng keo điện", quantity=1),
            ],
            minutes=90,
            note="Đã thay",
        )
        self.assertEqual(verdict["verdict"], "done", verdict)
        fuse, tape = self.order.part_ids
        self.assertEqual((fuse.part_id, fuse.name, fuse.uom), (self.fuse, "Cầu chì 5A", "cái"))
        self.assertEqual((fuse.quantity, fuse.unit_price, fuse.amount), (2.5, 5_000, 12_500))
        self.assertEqual((tape.name, tape.unit_price), ("Băng keo điện", 0))
        self.assertEqual((fuse.pricing, tape.pricing), ("priced", "missing"))
        self.assertEqual(self.order.unpriced_count, 1)
        labour = self.order.labour_ids
        self.assertEqual(labour.person_id, self.technician.ttcs_person_ids)
        self.assertEqual((labour.minutes, labour.hourly_rate), (90, 0))
        self.assertEqual(self.order.cost_total, 12_500)
        self.assertEqual(self.order.resolution, "Đã thay")

    def test_the_same_closing_sent_five_times_has_one_effect(self):
        action = self.closing(parts=[self.used(self.fuse, quantity=2)], minutes=30)
        verdicts = [self.send(self.token, action)[0]["verdict"] for _time in range(5)]
        self.assertEqual(verdicts, ["done"] + ["repeated"] * 4)
        self.assertEqual(self.order.part_ids.mapped("quantity"), [2])
        self.assertEqual(self.order.labour_ids.mapped("minutes"), [30])

    def test_a_price_that_the_phone_tells_is_not_heard(self):
        line = {**self.used(self.fuse), "unit_price": 1, "amount": 1}
        self.assertEqual(self.close(parts=[line])["verdict"], "done")
        self.assertEqual(self.order.part_ids.unit_price, 5_000)

    def test_what_is_impossible_is_refused_with_its_name_and_nothing_is_written(self):
        for parts, text in (
            ([self.used(self.fuse, "Cầu chì", 0)], "Cầu chì"),
            ([self.used(self.fuse, "Cầu chì", -1)], "Cầu chì"),
            ([self.used(self.fuse, "Cầu chì", 0.001)], "Cầu chì"),
            ([self.used(self.fuse, "Cầu chì", 1_000_001)], "một triệu"),
            ([self.used(self.fuse, "Cầu chì", 10**400)], "Cầu chì"),
            ([self.used(self.fuse, "Cầu chì", "2")], "Cầu chì"),
            ([self.used(self.fuse, "Cầu chì", True)], "Cầu chì"),
            ([self.used(self.fuse, "Cầu chì", None)], "Cầu chì"),
            ([self.used(name="  ")], "Vật tư, phụ tùng đã dùng"),
            ([self.used(name="x" * 201)], "Vật tư, phụ tùng đã dùng"),
            ([{"part": True, "quantity": 1}], "Vật tư, phụ tùng đã dùng"),
            ([7], "Vật tư, phụ tùng đã dùng"),
            ({"part": self.fuse.id}, "Vật tư, phụ tùng đã dùng"),
            ([self.used(self.fuse)] * 51, "50"),
            ([{"part": 2**31 - 2, "name": "", "quantity": 1}], "danh mục"),
        ):
            with self.subTest(parts=str(parts)[:80]):
                verdict = self.close(parts=parts, minutes=10)
                self.assert_refused_with(verdict, text)
        for minutes in (-1, 1.5, "30", True, 44_641, 10**30):
            with self.subTest(minutes=minutes):
                self.assert_refused_with(self.close(minutes=minutes), "44640")

    def assert_refused_with(self, verdict, text):
        self.assertEqual(verdict["verdict"], "refused", verdict)
        self.assertIn(text, verdict["message"])
        self.assertFalse(self.order.closed_at)
        self.assertFalse(self.order.part_ids)
        self.assertFalse(self.order.labour_ids)

    def test_what_a_checklist_lacks_takes_the_parts_back_too(self):
        self.order.checklist_id = self.env["ttcs.checklist"].create(
            {"name": "Thử", "line_ids": [(0, 0, {"name": "Cột đứng thẳng"})]}
        )
        verdict = self.close(parts=[self.used(self.fuse)], minutes=10)
        self.assert_refused_with(verdict, "Cột đứng thẳng")

    def test_a_part_archived_or_deleted_meanwhile_is_taken_all_the_same(self):
        self.fuse.active = False
        horn = self.used(self.horn, "Màng loa cũ", 2)
        self.horn.unlink()
        verdict = self.close(parts=[self.used(self.fuse, "Cầu chì"), horn])
        self.assertEqual(verdict["verdict"], "done", verdict)
        self.assertEqual(self.order.part_ids.mapped("name"), ["Cầu chì 5A", "Màng loa cũ"])
        self.assertEqual(self.order.part_ids.mapped("unit_price"), [5_000, 0])

    def test_the_slower_of_two_technicians_loses_nothing(self):
        colleague = self.make_user(self.committee_c, "maintenance")
        _device, other = self.make_phone(colleague)
        self.close(parts=[self.used(self.fuse)], minutes=20)
        verdict = self.close(
            other,
            parts=[self.used(self.horn, quantity=1.5), self.used(name="Dây rút", quantity=3)],
            minutes=75,
        )
        self.assertEqual(verdict["verdict"], "conflict")
        self.assertEqual(self.order.part_ids.part_id, self.fuse)
        self.assertEqual(self.order.labour_ids.minutes, 20)
        for text in ("Màng loa 30 W: 1,5 cái", "Dây rút: 3", "75"):
            self.assertIn(text, self.notes())

    def test_who_is_no_person_of_the_network_keeps_the_minutes_in_the_note(self):
        asked = {"order": self.order.id, "result": "repaired", "note": "Siết lại dây"}
        action = read_action({**self.action("close_order", **asked, minutes=45), "files": []})
        now = fields.Datetime.now()
        self.assertFalse(self.env.user.ttcs_person_ids)
        self.env["ttcs.field.action"]._do_close_order(action, Timing(now, 0, False))
        self.assertFalse(self.order.labour_ids)
        self.assertIn("Siết lại dây", self.order.resolution)
        self.assertIn("45", self.order.resolution)

    def test_who_may_not_write_costs_keeps_them_in_the_note(self):
        officer = self.make_user(self.committee_c, "assets")
        _device, token = self.make_phone(officer)
        verdict = self.close(token, parts=[self.used(self.fuse, quantity=2)], minutes=45)
        self.assertEqual(verdict["verdict"], "done", verdict)
        self.assertFalse(self.order.part_ids)
        self.assertIn("Cầu chì 5A: 2 cái", self.order.resolution)
        self.assertIn("45", self.order.resolution)

    def test_under_warranty_the_office_enters_the_price_and_says_who_pays(self):
        self.cluster.warranty_date = self.tomorrow
        verdict = self.close(parts=[self.used(self.fuse, quantity=2)])
        self.assertEqual(verdict["verdict"], "done", verdict)
        self.assertEqual(self.order.part_ids.part_id, self.fuse)
        self.assertEqual(self.order.part_ids.pricing, "missing")
        paid = self.make_order(self.cluster, paid_by="warranty")
        self.close(order=paid, parts=[self.used(self.fuse, quantity=2)])
        self.assertEqual(paid.cost_total, 10_000)

    def test_what_the_database_refuses_is_told_in_words(self):
        self.cluster.warranty_date = self.tomorrow
        self.order.other_cost = 20_000
        verdict = self.close(parts=[self.used(self.fuse)])
        self.assert_refused_with(verdict, "bảo hành")
        self.assertIn(self.cluster.name, verdict["message"])

    def test_photos_travel_with_parts(self):
        asked = {"order": self.order.id, "result": "repaired", "parts": [self.used(self.fuse)]}
        (verdict,) = self.send(self.token, self.action("close_order", photos=[picture()], **asked))
        self.assertEqual(verdict["verdict"], "done")
        self.assertEqual(len(self.order.photo_ids), 1)
        self.assertEqual(len(self.order.part_ids), 1)


@tagged("post_install", "-at_install")
class TestFieldCatalogue(FieldPartsCase):
    def area(self):
        return self.ask("area", self.token)

    def test_the_area_carries_the_parts_in_use_without_prices(self):
        self.horn.active = False
        parts = self.area().json()["parts"]
        self.assertEqual(parts["columns"], ["id", "name", "uom"])
        self.assertIn([self.fuse.id, "Cầu chì 5A", "cái"], parts["rows"])
        self.assertNotIn(self.horn.id, [row[0] for row in parts["rows"]])

    def test_three_hundred_parts_stay_small_at_the_same_queries(self):
        area = self.env["ttcs.field.area"].with_user(self.technician)
        area._area()
        few = self.count_queries(area._area)
        small = len(gzip.compress(self.area().content))
        self.env["ttcs.spare.part"].create(
            [
                {"name": f"Phụ tùng thay thế số {n}", "code": f"PT{n}", "uom": "cái"}
                for n in range(300)
            ]
        )
        self.assertLessEqual(self.count_queries(area._area), few)
        self.assertLess(len(gzip.compress(self.area().content)) - small, 8_000)

    def test_the_area_knows_the_last_reading_of_a_meter_that_is_asked_for(self):
        readings = self.env["ttcs.meter.reading"]
        for hours, day in ((900, "2026-03-01"), (1200.5, "2026-05-01"), (800, "2026-04-01")):
            readings.create(
                {
                    "equipment_id": self.cluster.id,
                    "hours": hours,
                    "read_at": f"{day} 00:00:00",
                }
            )
        self.assertEqual(self.area().json()["meters"]["rows"], [])
        self.order.checklist_id = self.env["ttcs.checklist"].create(
            {"name": "Thử", "line_ids": [(0, 0, {"name": "Giờ chạy", "kind": "meter"})]}
        )
        self.assertEqual(self.area().json()["meters"]["rows"], [[self.cluster.id, 1200.5]])


@tagged("post_install", "-at_install")
class TestMissingPrice(OrderCase):
    def setUp(self):
        super().setUp()
        self.line = self.use_part(unit_price=0, quantity=2)
        self.order._close("repaired", "Xong")
        self.env.flush_all()

    def test_a_missing_price_is_entered_once_after_the_closing(self):
        self.line.with_user(self.technician).unit_price = 7_000
        self.env.flush_all()
        self.assertEqual(self.order.cost_total, 14_000)
        self.assertFalse(self.order.unpriced_count)
        refusal = self.refused(lambda: self.line.write({"unit_price": 8_000}))
        self.assertEqual(refusal, "ttcs_order_part_is_frozen")

    def test_nothing_else_changes_with_the_price(self):
        for values in ({"quantity": 3}, {"name": "Khác"}):
            refusal = self.refused(
                lambda values=values: self.line.write({"unit_price": 7_000, **values})
            )
            self.assertEqual(refusal, "ttcs_order_part_is_frozen")

    def test_the_office_finds_what_has_no_price(self):
        action = self.order.action_price_parts()
        found = self.env["ttcs.order.part"].search(action["domain"])
        self.assertEqual(found, self.line)
        orders = self.env["maintenance.request"].search([("part_ids.unit_price", "=", 0)])
        self.assertIn(self.order, orders)


@tagged("post_install", "-at_install")
class TestLimitsInWords(AssetsCase):
    def test_one_figure_is_no_range(self):
        answers = self.env["ttcs.checklist.answer"].with_context(lang="vi_VN")
        limits = {"kind": "number", "uom": "loa", "has_lowest": True, "has_highest": True}
        only, range_ = answers.new(limits), answers.new({**limits, "highest": 2})
        self.assertEqual(only.shown_limits, "phải là 0 loa")
        self.assertEqual(range_.shown_limits, "từ 0 loa đến 2 loa")
