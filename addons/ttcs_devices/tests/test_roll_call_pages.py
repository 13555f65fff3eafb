"""The pages of the roll call over HTTP, as a telephone uses them."""

import re
from datetime import timedelta

from odoo.tests import HttpCase, tagged

from .roll_call_case import RollCallCase


@tagged("post_install", "-at_install")
class TestRollCallPages(RollCallCase, HttpCase):
    def page(self, listener=None):
        return self.url_open(f"/dd/{(listener or self.head).code}")

    def key(self, text):
        return re.search(r'name="key" value="([0-9a-f]{32})"', text)[1]

    def tap(self, line, answer, text=None, listener=None, **values):
        listener = listener or self.head
        text = text if text is not None else self.page(listener).text
        return self.url_open(
            f"/dd/{listener.code}",
            data={"line": line, "answer": answer, "key": self.key(text), **values},
        )

    def test_a_listener_taps_what_he_hears_and_may_think_again(self):
        call = self.call()
        line = self.line(call)
        text = self.page().text
        self.assertIn(self.cluster.name, text)
        self.assertNotIn(self.cluster_at_commune.name, text)
        told = self.tap(line.code, "silent", text, note="Từ hôm qua")
        self.assertEqual(told.status_code, 200)
        self.assertIn('value="silent" class="silent" aria-pressed="true"', told.text)
        line.invalidate_recordset()
        self.assertEqual(line.verdict, "silent")
        self.assertEqual(line.answer_ids.note, "Từ hôm qua")
        self.tap(line.code, "clear", told.text)
        line.invalidate_recordset()
        self.assertEqual((line.verdict, len(line.answer_ids)), ("clear", 2))

    def test_one_tap_for_all_that_is_well(self):
        call = self.call()
        text = self.page(self.volunteer).text
        self.tap("all", "clear", text, self.volunteer)
        call.invalidate_recordset()
        self.assertEqual(call.line_ids.mapped("verdict"), ["clear", "clear"])
        # The same tap sent again by a bad connection.
        self.tap("all", "clear", text, self.volunteer)
        self.assertEqual(len(call.line_ids.answer_ids), 2)

    def test_the_page_carries_no_cookie_is_not_kept_and_runs_no_script(self):
        self.call()
        answer = self.page()
        self.assertNotIn("Set-Cookie", answer.headers)
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
        self.assertNotIn("<script", answer.text)

    def test_nothing_but_names_of_loudspeakers_and_places_is_shown(self):
        self.cluster.write(
            {"serial_no": "BÍ-MẬT-1", "note": "BÍ-MẬT-2", "original_cost": 98765432}
        )
        self.call()
        text = self.page().text
        for secret in ("BÍ-MẬT", "98765432", self.head.name, "0912"):
            self.assertNotIn(secret, text)

    def test_what_is_not_his_is_not_taken(self):
        call = self.call(self.commune_c + self.commune_g)
        elsewhere = self.line(call, self.cluster_at_commune)
        text = self.page().text
        self.tap(elsewhere.code, "silent", text)
        self.tap("all", "silent", text, self.head)
        elsewhere.invalidate_recordset()
        self.assertFalse(elsewhere.verdict)
        self.assertEqual(self.line(call).verdict, "silent")

    def test_before_and_after_the_roll_call_the_page_says_so(self):
        self.assertIn("<h1>", self.page().text)
        call = self.call(begins=timedelta(hours=2))
        text = self.page().text
        self.assertNotIn("answers", text)
        self.assertIn(self.head._local(call.begins_at)[0], text)
        call.action_cancel()
        running = self.call()
        line, text = self.line(running), self.page().text
        running.action_close()
        late = self.tap(line.code, "clear", text)
        self.assertEqual(late.status_code, 200)
        self.assertIn('class="note"', late.text)
        self.assertFalse(line.answer_ids)

    def test_nonsense_is_refused_without_a_trace(self):
        line = self.line(self.call())
        text = self.page().text
        for values in (
            {"answer": "loud"},
            {"key": "x"},
            {"line": "' OR 1=1"},
            {"line": ""},
            {"answer": "clear", "note": "x" * 5000},
        ):
            data = {"line": line.code, "answer": "clear", "key": self.key(text), **values}
            answer = self.url_open(f"/dd/{self.head.code}", data=data)
            with self.subTest(values):
                self.assertEqual(answer.status_code, 200)
                self.assertFalse(line.answer_ids)
        for code in ("0" * 16, "x", "%00", "A" * 500, self.head.code[:-1]):
            with self.subTest(code):
                self.assertEqual(self.url_open(f"/dd/{code}").status_code, 404)

    def test_a_listener_who_was_replaced_is_told_so(self):
        self.call()
        text = self.page().text
        line = self.env["ttcs.roll.call.line"].search([], limit=1)
        old = self.head.code
        self.head.action_renew_code()
        self.env.flush_all()
        data = {"line": line.code, "answer": "clear", "key": self.key(text)}
        self.assertEqual(self.url_open(f"/dd/{old}", data=data).status_code, 404)
        self.assertFalse(line.answer_ids)

    def test_passers_by_are_asked_at_the_loudspeaker_while_it_is_called(self):
        tag = self.env["ttcs.tag"]._issue([{"agency_id": self.committee_c.id}])
        tag._assign(self.cluster)
        self.env.flush_all()
        self.assertNotIn("/dd/nghe", self.url_open(f"/A/{tag.code}").text)
        line = self.line(self.call())
        self.assertIn(line.code, self.url_open(f"/A/{tag.code}").text)
        thanks = self.url_open("/dd/nghe", data={"line": line.code, "answer": "noisy"})
        self.assertEqual(thanks.status_code, 200)
        self.url_open("/dd/nghe", data={"line": line.code, "answer": "noisy"})
        line.invalidate_recordset()
        # The same telephone, twice: one voice.
        self.assertEqual((line.verdict, line.told_by, line.answers), ("noisy", "citizen", 1))
        self.assertNotIn("127.0.0.1", line.answer_ids[0].visitor)
        line.roll_call_id.action_close()
        over = self.url_open("/dd/nghe", data={"line": line.code, "answer": "silent"})
        self.assertEqual(over.status_code, 200)
        line.invalidate_recordset()
        self.assertEqual(line.verdict, "noisy")

    def test_a_program_that_votes_is_stopped(self):
        line = self.line(self.call())
        statuses = {
            self.url_open("/dd/nghe", data={"line": line.code, "answer": "silent"}).status_code
            for _ in range(12)
        }
        self.assertEqual(statuses, {200, 429})
