"""Checklists of work orders: what an answer is worth, what stays, and what follows from it."""

import base64
import doctest
import hashlib
from datetime import timedelta
from functools import partial

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from ..maintenance import AnswerError, checklist
from .checklist_common import ChecklistCase, picture


@tagged("post_install", "-at_install")
class TestChecklistValues(BaseCase):
    def test_the_examples_hold(self):
        self.assertEqual(doctest.testmod(checklist).failed, 0)


@tagged("post_install", "-at_install")
class TestChecklist(ChecklistCase):
    # Where the checklist comes from ------------------------------------------------------------

    def test_an_order_takes_the_checklist_of_its_task_or_of_its_kind(self):
        task = self.env["ttcs.maintenance.task"].create(
            {"name": "Kiểm tra", "checklist_id": self.checklist.id}
        )
        orders = self.env["maintenance.request"]
        values = {"name": "Phiếu", "equipment_id": self.cluster.id}
        of_task = {**values, "task_id": task.id, "maintenance_type": "preventive"}
        self.assertEqual(orders.create(of_task).checklist_id, self.checklist)
        self.assertFalse(orders.create(values).checklist_id)
        self.kind("cluster").checklist_id = self.checklist
        self.assertEqual(orders.create(values).checklist_id, self.checklist)
        self.assertFalse(orders.create({**values, "maintenance_type": "preventive"}).checklist_id)

    def test_shipped_tasks_have_checklists_of_every_kind_of_line(self):
        shipped = self.env["ttcs.checklist"].search([("code", "!=", False)])
        self.assertGreaterEqual(len(shipped), 5)
        kinds = set(shipped.line_ids.mapped("kind"))
        self.assertEqual(kinds, {"yes_no", "number", "text", "photo", "meter"})
        for line in shipped.line_ids:
            name = line.with_context(lang="vi_VN").name
            self.assertNotEqual(name, line.with_context(lang="en_US").name)

    def test_the_office_may_choose_another_until_the_first_answer(self):
        other = self.env["ttcs.checklist"].create({"name": "Khác"})
        order = self.order.with_user(self.technician)
        order.checklist_id = other
        order.checklist_id = self.checklist
        self.answer(upright="yes")
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            order.checklist_id = other
            order.flush_recordset()

    # Answers -----------------------------------------------------------------------------------

    def test_a_verdict_follows_from_value_and_limits(self):
        for value, verdict in ((198, "passed"), (242, "passed"), (197.999, "failed")):
            self.answer(volts=value)
            answer = self.answers()["volts"]
            self.assertEqual(answer.verdict, verdict, value)
        self.answer(upright="no", remark="Rỉ sét")
        verdicts = {name: answer.verdict for name, answer in self.answers().items()}
        self.assertEqual(verdicts, {"upright": "failed", "volts": "failed", "remark": "passed"})
        self.assertEqual((self.order.answer_count, self.order.failed_count), (3, 2))

    def test_what_is_no_answer_of_its_kind_is_refused(self):
        for wrong in (
            {"volts": "220"},
            {"volts": float("nan")},
            {"volts": float("inf")},
            {"volts": True},
            {"meter": -1},
            {"upright": "maybe"},
            {"remark": " "},
            {"remark": "x" * 2001},
        ):
            with self.subTest(wrong=wrong), self.assertRaises(AnswerError):
                self.answer(**wrong)
        self.assertFalse(self.answers())

    def test_an_edited_line_never_rewrites_what_was_answered(self):
        self.answer(volts=230)
        self.lines["volts"].write({"name": "Điện áp mới", "highest": 225, "uom": "kV"})
        self.env.flush_all()
        answer = self.answers()["volts"]
        self.assertEqual((answer.name, answer.uom, answer.highest), ("Điện áp", "V", 242))
        self.assertEqual(answer.verdict, "passed")
        self.assertEqual(answer.shown_value, "230 V")

    def test_a_correction_of_somebody_elses_answer_is_told(self):
        self.answer(volts=230, minutes_ago=10)
        self.assertEqual(self.answer(user=self.colleague, volts=180), [])
        answer = self.answers()["volts"]
        self.assertEqual((answer.value_number, answer.answered_by_id), (180, self.colleague))
        notes = " ".join(self.order.message_ids.mapped("body"))
        self.assertIn("230", notes)
        self.assertIn("180", notes)

    def test_a_newer_answer_of_somebody_else_stands(self):
        self.answer(volts=230)
        newer = self.answer(user=self.colleague, minutes_ago=10, volts=180)
        answer = self.answers()["volts"]
        self.assertEqual([standing for standing, _given in newer], [answer])
        self.assertEqual((answer.value_number, answer.answered_by_id), (230, self.technician))

    def test_answers_are_written_by_their_method_only(self):
        self.answer(volts=230)
        answer = self.answers()["volts"].with_user(self.technician)
        with self.assertRaises(UserError):
            answer.write({"value_number": 10})
        with self.assertRaises(UserError):
            answer.create({"request_id": self.order.id, "line_id": self.lines["remark"].id})
        foreign = self.make_user(self.committee_g, "maintenance")
        with self.assertRaises(AccessError):
            self.answer(user=foreign, remark="Từ xã khác")

    def test_answering_asks_the_same_whatever_the_number_of_lines(self):
        few, many = self.make_checked_order(), self.make_checked_order()
        lines = self.env["ttcs.checklist.line"].create(
            [{"checklist_id": self.checklist.id, "name": f"Câu {n}"} for n in range(60)]
        )
        self.env.flush_all()

        def queries(order, count):
            at = fields.Datetime.now()
            given = [
                type(self.given(upright="yes")[0])(line.id, "yes", "", at)
                for line in lines[:count]
            ]
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            order._answer(given)
            self.env.flush_all()
            return self.cr.sql_log_count - before

        queries(self.make_checked_order(), 2)
        self.assertLessEqual(queries(many, 60), queries(few, 2) + 1)

    # Closing -----------------------------------------------------------------------------------

    def test_required_lines_are_answered_before_the_work_is_done(self):
        order = self.order.with_user(self.technician)
        self.answer(upright="yes")
        for result in ("repaired", "no_fault"):
            with self.assertRaisesRegex(UserError, "Điện áp"):
                order._close(result, "")
        with self.assertRaisesRegex(UserError, "Điện áp"):
            order.stage_id = self.done
        self.answer(volts=220)
        order._close("repaired", "Xong")
        self.assertTrue(self.order.closed_at)

    def test_what_cannot_be_repaired_is_closed_without_answers(self):
        for result in ("not_repairable", "partly"):
            order = self.make_checked_order().with_user(self.technician)
            order._close(result, "Hỏng hẳn")
            self.assertTrue(order.closed_at)

    def test_an_archived_line_is_no_longer_required(self):
        self.lines["volts"].active = False
        self.answer(upright="yes")
        self.order.with_user(self.technician)._close("repaired", "")
        self.assertTrue(self.order.closed_at)

    def test_closing_many_orders_asks_once(self):
        def queries(count):
            orders = self.env["maintenance.request"].concat(
                *(self.make_checked_order() for _each in range(count))
            )
            self.env.flush_all()
            before = self.cr.sql_log_count
            missing = orders._unanswered()
            self.assertEqual(len(missing), count)
            return self.cr.sql_log_count - before

        self.assertEqual(queries(20), queries(2))

    def test_a_failed_line_opens_one_repair(self):
        self.answer(upright="no", volts=180, note="Nghiêng 20 độ")
        order = self.order.with_user(self.technician)
        self.assertFalse(self.order.corrective_ids)
        order._close("repaired", "Đã vệ sinh")
        self.env.invalidate_all()
        repairs = self.order.corrective_ids
        self.assertEqual(len(repairs), 2)
        pole = self.answers()["upright"].corrective_ids
        self.assertEqual(pole.source_request_id, self.order)
        self.assertEqual((pole.equipment_id, pole.unit_id), (self.cluster, self.hamlet_c))
        self.assertEqual((pole.maintenance_type, pole.priority), ("corrective", "3"))
        self.assertEqual(pole.due_date, self.today + timedelta(days=3))
        self.assertIn("Nghiêng 20 độ", pole.description)
        self.assertIn("Rào lại ngay", pole.description)
        self.assertEqual(self.cluster.condition, "broken")
        order.stage_id = self.todo
        order._close("repaired", "Xem lại")
        self.env.invalidate_all()
        self.assertEqual(self.order.corrective_ids, repairs)
        self.assertEqual(self.cluster.condition, "broken")

    def test_a_minor_failure_leaves_a_worse_condition_alone(self):
        self.lines["volts"].severity = "minor"
        self.answer(upright="yes", volts=180)
        self.order.with_user(self.technician)._close("not_repairable", "")
        self.assertEqual(self.cluster.condition, "broken")
        other = self.make_checked_order()
        self.answer(other, upright="yes", volts=180)
        other.with_user(self.technician)._close("repaired", "")
        self.assertEqual(self.cluster.condition, "degraded")

    def test_what_passes_or_opens_nothing_opens_no_repair(self):
        self.lines["volts"].opens_corrective = False
        self.answer(upright="yes", volts=180)
        self.order.with_user(self.technician)._close("repaired", "")
        self.assertFalse(self.order.corrective_ids)
        self.assertEqual(self.cluster.condition, "good")

    def test_a_meter_is_entered_once(self):
        self.answer(upright="yes", volts=220, meter=1204.5)
        order = self.order.with_user(self.technician)
        readings = self.env["ttcs.meter.reading"]
        domain = [("equipment_id", "=", self.cluster.id)]
        self.assertFalse(readings.search(domain))
        order._close("repaired", "")
        order.stage_id = self.todo
        order._close("repaired", "")
        reading = readings.search(domain)
        self.assertEqual((reading.hours, reading.source), (1204.5, "order"))
        order.stage_id = self.todo
        self.answer(meter=1240)
        order._close("repaired", "")
        self.assertEqual(sorted(readings.search(domain).mapped("hours")), [1204.5, 1240])

    # The form of the office --------------------------------------------------------------------

    def fill(self, user=None):
        order = self.order.with_user(user or self.technician)
        action = order.action_fill_checklist()
        return order.env[action["res_model"]].browse(action["res_id"])

    def typed(self, filling, name):
        return filling.line_ids.filtered(lambda line: line.line_id == self.lines[name])

    def test_the_office_answers_in_a_form(self):
        filling = self.fill()
        self.assertEqual(len(filling.line_ids), 5)
        self.typed(filling, "upright").yes_no = "yes"
        self.typed(filling, "volts").figure = "229,5"
        self.typed(filling, "photo").photo = base64.b64encode(picture())
        filling.action_save()
        answers = self.answers()
        self.assertEqual(set(answers), {"upright", "volts", "photo"})
        self.assertEqual(answers["volts"].value_number, 229.5)
        self.assertEqual(self.order.photo_ids.answer_id, answers["photo"])
        again = self.fill()
        self.assertEqual(self.typed(again, "volts").figure, "229.5")
        self.typed(again, "volts").figure = "cao"
        with self.assertRaisesRegex(UserError, "Điện áp"):
            again.action_save()

    def test_the_form_does_not_write_over_what_came_meanwhile(self):
        filling = self.fill()
        self.answer(user=self.colleague, volts=230)
        self.typed(filling, "volts").figure = "180"
        with self.assertRaisesRegex(UserError, "Điện áp"):
            filling.action_save()
        self.assertEqual(self.answers()["volts"].value_number, 230)

    def test_the_form_drops_neither_a_note_nor_an_answer(self):
        filling = self.fill()
        self.typed(filling, "upright").note = "Nghiêng nhẹ"
        with self.assertRaisesRegex(UserError, "has a note but no answer"):
            filling.action_save()
        self.typed(filling, "upright").yes_no = "yes"
        filling.action_save()
        again = self.fill()
        self.typed(again, "upright").yes_no = False
        with self.assertRaisesRegex(UserError, "answered before"):
            again.action_save()

    def test_the_form_is_its_owners(self):
        filling = self.fill()
        with self.assertRaises(AccessError):
            filling.with_user(self.colleague).read(["request_id"])
        with self.assertRaises(AccessError):
            filling.line_ids.with_user(self.colleague).read(["figure"])

    # Photos and signature ----------------------------------------------------------------------

    def photo(self, **values):
        photos = self.env["ttcs.order.photo"].with_user(self.technician)
        image = base64.b64encode(values.pop("content", None) or picture())
        return photos.create({"request_id": self.order.id, "image": image, **values})

    def test_a_photo_of_the_office_is_drawn_anew_and_has_the_hash_of_what_is_kept(self):
        photo = self.photo(moment="before", latitude=1.0, sha256="0" * 64)
        kept = base64.b64decode(photo.image)
        self.assertEqual(photo.sha256, hashlib.sha256(kept).hexdigest())
        self.assertTrue(photo.is_genuine)
        self.assertFalse(photo.latitude)
        self.assertEqual(self.order.photo_before_ids, photo)
        with self.assertRaisesRegex(UserError, "not a photo|không phải"):
            self.photo(content=b"<svg onload='alert(1)'/>")
        with self.assertRaises(AccessError):
            photo.write({"moment": "after"})
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", photo._name),
                ("res_id", "=", photo.id),
                ("res_field", "=", "image"),
            ]
        )
        with self.assertRaises(AccessError):
            attachment.with_user(self.technician).write({"raw": picture("red")})
        attachment.write({"raw": picture("red")})
        self.env.invalidate_all()
        self.assertFalse(photo.is_genuine)

    def test_a_photo_of_another_orders_line_is_refused(self):
        self.answer(photo=None)
        other = self.make_checked_order()
        with self.assertRaises(ValidationError):
            self.photo(request_id=other.id, answer_id=self.answers()["photo"].id)

    def test_a_signature_is_kept_with_its_hash(self):
        png = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"x" * 20)
        order = self.order.with_user(self.technician)
        with self.assertRaises(UserError):
            order.write({"signature": png, "signature_sha256": "0" * 64})
        order.write({"confirmed_by": "Nguyễn Văn A", "signature": png})
        self.assertEqual(order.signature_sha256, hashlib.sha256(base64.b64decode(png)).hexdigest())
        with self.assertRaises(ValidationError):
            order.signature = base64.b64encode(b"GIF89a")


@tagged("post_install", "-at_install")
class TestChecklistFreeze(ChecklistCase):
    """The database refuses these whoever asks; a mutation test drops each guard."""

    def setUp(self):
        super().setUp()
        self.answer(upright="yes", volts=230)

    def refused(self, change):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            with self.env.cr.savepoint():
                change()
                self.env.flush_all()
        self.env.invalidate_all()

    def test_answers_are_frozen_with_the_closed_order(self):
        answer = self.answers()["volts"]
        self.order._close("repaired", "")
        self.env.flush_all()
        self.refused(lambda: answer.write({"value_number": 231}))
        self.refused(answer.unlink)
        self.refused(lambda: answer.copy({"line_id": self.lines["remark"].id}))
        with self.assertRaises(UserError):
            self.answer(volts=231)
        self.order.stage_id = self.todo
        self.answer(volts=231)
        self.assertEqual(answer.value_number, 231)

    def test_a_verdict_cannot_disagree_with_its_answer(self):
        answer = self.answers()["volts"]
        for column, value in (("verdict", "failed"), ("highest", 200), ("value_number", 300)):
            statement = f"UPDATE ttcs_checklist_answer SET {column} = %s WHERE id = %s"
            self.refused(partial(self.env.cr.execute, statement, [value, answer.id]))
        for value in (None, "NaN"):
            statement = "UPDATE ttcs_checklist_answer SET value_number = %s WHERE id = %s"
            self.refused(partial(self.env.cr.execute, statement, [value, answer.id]))

    def test_a_line_is_answered_once(self):
        answer = self.answers()["volts"]
        self.refused(answer.copy)

    def test_the_checklist_is_kept_from_the_first_answer(self):
        other = self.env["ttcs.checklist"].create({"name": "Khác"})
        self.refused(lambda: self.order.write({"checklist_id": other.id}))

    def test_the_signature_is_kept_when_the_order_is_closed(self):
        png = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"x" * 20)
        self.order.write({"confirmed_by": "Người ký", "signature": png})
        self.order._close("repaired", "")
        self.env.flush_all()
        self.refused(lambda: self.order.write({"confirmed_by": "Người khác"}))
        self.refused(lambda: self.order.write({"signature": False}))

    def test_a_photo_is_only_added(self):
        photo = self.env["ttcs.order.photo"].create(
            {"request_id": self.order.id, "image": base64.b64encode(picture())}
        )
        self.env.flush_all()
        self.refused(lambda: photo.write({"moment": "before"}))
        self.refused(photo.unlink)
        again = {"request_id": self.order.id, "image": base64.b64encode(picture())}
        self.refused(lambda: self.env["ttcs.order.photo"].create(again))

    def test_a_failed_line_has_one_repair(self):
        self.answer(volts=180)
        answer = self.answers()["volts"]
        values = {"name": "Sửa", "equipment_id": self.cluster.id, "source_answer_id": answer.id}
        orders = self.env["maintenance.request"]
        orders.create(values)
        self.refused(lambda: orders.create(values))
