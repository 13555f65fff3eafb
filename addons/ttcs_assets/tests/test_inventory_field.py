import json
import uuid
from datetime import UTC, datetime, timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .field_common import FieldCase, picture
from .inventory_common import InventoryCase


@tagged("post_install", "-at_install")
class TestInventoryField(InventoryCase, FieldCase):
    """Counting from phones."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.inventory = cls.open_inventory()
        cls.sheet = cls.inventory.sheet_ids.filtered(lambda s: s.agency_id == cls.committee_c)
        cls.sheet_g = cls.inventory.sheet_ids.filtered(lambda s: s.agency_id == cls.committee_g)

    def setUp(self):
        super().setUp()
        self.device, self.token = self.make_phone(self.technician)

    def count(self, asset, sheet=None, **payload):
        sheet = sheet or self.sheet
        payload = {"condition": "good", "how": "scan", **payload}
        return self.action("count_asset", sheet=sheet.id, asset=asset.id, **payload)

    def strange(self, name="Loa lạ", sheet=None, photos=(), **payload):
        sheet = sheet or self.sheet
        return self.action("count_unexpected", photos, sheet=sheet.id, name=name, **payload)

    def close_sheet(self, user=None):
        return self.sheet.with_user(user or self.officer_c).action_close_counting()

    def take_along(self, token, waiting="0"):
        answer = self.ask(f"area?waiting={waiting}", token)
        self.assertEqual(answer.status_code, 200, answer.text)
        return answer.json()

    # What is taken along --------------------------------------------------------------------

    def test_the_phone_takes_its_sheets_and_is_noted(self):
        area = self.take_along(self.token)
        sheets = area["inventory_sheets"]
        self.assertEqual([row[0] for row in sheets["rows"]], self.sheet.ids)
        lines = area["inventory_lines"]
        column = lines["columns"].index("equipment_id")
        self.assertEqual({row[column] for row in lines["rows"]}, set(self.assets_c.ids))
        self.assertEqual(self.sheet.phone_ids.device_id, self.device)
        self.assertEqual(self.device.waiting_count, 0)
        self.take_along(self.token)
        self.assertEqual(len(self.sheet.phone_ids), 1)

    def test_a_sheet_of_another_team_is_left_at_home(self):
        other = self.make_user(self.committee_c, "maintenance")
        self.sheet.member_ids = [
            (0, 0, {"person_id": other.ttcs_person_ids.id, "role": "team_leader"})
        ]
        self.assertEqual(self.take_along(self.token)["inventory_sheets"]["rows"], [])
        self.assertFalse(self.sheet.phone_ids)
        [verdict] = self.send(self.token, self.count(self.board))
        self.assertEqual(verdict["verdict"], "refused")
        self.assertIn(other.name, verdict["message"])

    # Counting -------------------------------------------------------------------------------

    def test_a_count_finds_its_line(self):
        [verdict] = self.send(self.token, self.count(self.board, condition="broken", note="Vỡ"))
        self.assertEqual((verdict["verdict"], verdict["message"]), ("done", ""))
        line = self.line_of(self.sheet, self.board)
        self.assertEqual((line.state, line.counted_condition), ("found", "broken"))
        self.assertEqual((line.note, line.counted_by), ("Vỡ", self.technician))
        self.assertEqual(line.count_id.how, "scan")
        log = self.env["ttcs.field.action"].search([("user_id", "=", self.technician.id)])
        self.assertEqual((log.equipment_id, log.unit_id), (self.board, self.commune_c))

    def test_the_same_action_five_times_is_one_count(self):
        count = self.count(self.board)
        verdicts = [self.send(self.token, count)[0]["verdict"] for _turn in range(5)]
        self.assertEqual(verdicts, ["done", *["repeated"] * 4])
        self.assertEqual(len(self.sheet.count_ids), 1)

    def test_of_two_teams_the_first_stays_and_the_second_is_a_double(self):
        other, token = self.make_phone(self.make_user(self.committee_c, "maintenance"))
        self.send(self.token, self.count(self.board, condition="degraded"))
        [verdict] = self.send(token, self.count(self.board, condition="good"))
        self.assertEqual(verdict["verdict"], "conflict")
        self.assertIn(self.technician.name, verdict["message"])
        line = self.line_of(self.sheet, self.board)
        self.assertEqual((line.counted_condition, line.counted_by), ("degraded", self.technician))
        self.assertEqual(self.sheet.late_count_ids.outcome, "double")
        # The same person may correct himself.
        [verdict] = self.send(self.token, self.count(self.board, condition="broken"))
        self.assertEqual(verdict["verdict"], "done")
        self.assertEqual(line.counted_condition, "broken")

    def test_an_asset_of_another_sheet_is_found_here_by_its_tag(self):
        tag = self.make_tag_on(self.cluster_g, self.committee_g)
        first, second = self.strange(code=tag.code), self.strange(code=tag.code)
        verdicts = [verdict["verdict"] for verdict in self.send(self.token, first, second)]
        self.assertEqual(verdicts, ["done", "done"])
        own = self.sheet_g.line_ids
        self.assertEqual((own.state, own.found_sheet_id), ("elsewhere", self.sheet))
        self.assertEqual(len(self.sheet.line_ids.filtered("is_extra")), 1)
        _device, token = self.make_phone(self.technician_g)
        [verdict] = self.send(token, self.count(self.cluster_g, self.sheet_g))
        self.assertEqual(verdict["verdict"], "conflict")
        self.assertEqual(own.state, "elsewhere")

    def test_an_unknown_object_comes_with_its_photo(self):
        strange = self.strange(
            "Bộ đàm Motorola",
            photos=(picture(),),
            object_kind="Bộ đàm",
            serial="SN 9",
            place="Kho",
        )
        [verdict] = self.send(self.token, strange)
        self.assertEqual(verdict["verdict"], "done")
        [line] = self.sheet.line_ids.filtered("is_extra")
        self.assertEqual(
            (line.name, line.kind, line.serial_no, line.place),
            ("Bộ đàm Motorola", "Bộ đàm", "SN 9", "Kho"),
        )
        photos = self.env["ir.attachment"].search(
            [("res_model", "=", "ttcs.inventory.count"), ("res_id", "=", line.count_id.id)]
        )
        self.assertEqual(len(photos), 1)

    def test_what_was_transferred_or_disposed_of_meanwhile_is_counted_all_the_same(self):
        self.board.write({"agency_id": self.committee_g.id, "unit_id": self.commune_g.id})
        self.horn.life_state = "disposed"
        verdicts = self.send(self.token, self.count(self.board), self.count(self.horn))
        self.assertEqual([verdict["verdict"] for verdict in verdicts], ["done", "done"])
        self.assertEqual(self.line_of(self.sheet, self.board).state, "found")
        self.assertEqual(self.line_of(self.sheet, self.horn).state, "found")

    def test_what_no_round_expects_is_unexpected(self):
        [verdict] = self.send(self.token, self.count(self.too_new))
        self.assertEqual(verdict["verdict"], "done")
        self.assertEqual(self.line_of(self.sheet, self.too_new).state, "unexpected")

    def test_bad_input_is_refused_with_its_reason(self):
        for action, word in (
            (self.count(self.board, self.sheet_g), "sheet"),
            (self.action("count_asset", sheet=2**31 - 1, asset=1, condition="good"), "sheet"),
            (self.count(self.cluster_g), "area"),
            (self.count(self.board, condition="flying"), "choice"),
            (self.count(self.board, note="x" * 100_000), "note"),
            (self.strange("x" * 100_000), "name"),
            (self.strange("   "), "name"),
            (self.strange(condition="flying"), "choice"),
        ):
            with self.subTest(word=word):
                [verdict] = self.send(self.token, action)
                self.assertEqual(verdict["verdict"], "refused")
                self.assertTrue(verdict["message"])
        self.assertFalse(self.sheet.count_ids)

    def test_a_forged_code_still_counts_the_object(self):
        [verdict] = self.send(self.token, self.strange(code="0123456789ZK5GAR25"))
        self.assertEqual(verdict["verdict"], "done")
        self.assertFalse(self.sheet.line_ids.filtered("is_extra").equipment_id)

    # Closing while phones are away ----------------------------------------------------------

    def test_a_phone_that_may_hold_counts_keeps_the_sheet_open(self):
        self.take_along(self.token)
        notice = self.close_sheet()
        self.assertIn(self.technician.name, notice["params"]["message"])
        self.assertEqual(self.sheet.state, "counting")
        self.assertIn(self.technician.name, self.sheet.awaited_text)
        # It still holds one: not enough.
        self.tell(1, self.count(self.board))
        self.close_sheet()
        self.assertEqual(self.sheet.state, "counting")
        self.tell(0, self.count(self.horn))
        self.close_sheet()
        self.assertEqual((self.sheet.state, self.sheet.found_count), ("closed", 2))

    def tell(self, waiting, *actions):
        """Send actions as the app does, with how many are left on the phone."""
        described = [
            {name: value for name, value in action.items() if name != "contents"}
            for action in actions
        ]
        form = {
            "actions": (None, json.dumps(described)),
            "sent_at": (None, datetime.now(UTC).isoformat()),
            "waiting": (None, str(waiting)),
        }
        answer = self.ask("actions", self.token, files=form, method="POST")
        self.assertEqual(answer.status_code, 200, answer.text)
        return answer.json()["verdicts"]

    def test_a_phone_is_excused_by_who_answers_for_it_and_with_a_reason(self):
        self.take_along(self.token)
        self.close_sheet()
        wizard = self.env["ttcs.inventory.reason"]
        values = {"phone_ids": [(6, 0, self.sheet.phone_ids.ids)], "reason": "Máy rơi xuống kênh"}
        with self.assert_refused(AccessError):
            wizard.with_user(self.officer_c).create(values).action_confirm()
        self.inventory.member_ids = [
            (0, 0, {"person_id": self.officer_c.ttcs_person_ids.id, "role": "chairman"})
        ]
        wizard.with_user(self.officer_c).create(values).action_confirm()
        self.assertEqual(self.sheet.phone_ids.excused_by, self.officer_c)
        self.close_sheet()
        self.assertEqual(self.sheet.state, "closed")
        self.assertIn("Máy rơi xuống kênh", " ".join(self.sheet.message_ids.mapped("body")))
        # Counted again, the phone is awaited again.
        self.sheet.with_user(self.manager)._reopen("Đếm lại")
        self.close_sheet()
        self.assertEqual(self.sheet.state, "counting")

    def test_a_phone_that_was_signed_out_empty_is_not_awaited(self):
        self.take_along(self.token)
        self.assertEqual(self.ask("sign-out", self.token, method="POST").status_code, 200)
        self.close_sheet()
        self.assertEqual(self.sheet.state, "closed")

    def test_an_older_app_that_tells_nothing_is_awaited(self):
        self.ask("area", self.token)
        self.assertFalse(self.device.waiting_at)
        self.close_sheet()
        self.assertEqual(self.sheet.state, "counting")

    def test_counts_that_come_after_the_closing_are_kept_and_change_nothing(self):
        made_at = datetime.now(UTC) - timedelta(hours=3)
        count = self.count(self.board)
        count["created_at"] = made_at.isoformat()
        self.close_sheet()
        [verdict] = self.send(self.token, count)
        self.assertEqual(verdict["verdict"], "conflict")
        self.assertIn(self.committee_c.name, verdict["message"])
        self.assertEqual(self.line_of(self.sheet, self.board).state, "missing")
        late = self.sheet.late_count_ids
        self.assertEqual((late.outcome, late.equipment_id), ("late", self.board))
        # Sent once more after the sheet was reopened: still that one count.
        self.sheet.with_user(self.manager)._reopen("Đếm muộn")
        [verdict] = self.send(self.token, count)
        self.assertEqual(verdict["verdict"], "conflict")
        [verdict] = self.send(self.token, {**self.count(self.board), "uuid": str(uuid.uuid4())})
        self.assertEqual(verdict["verdict"], "done")
        self.assertEqual(self.line_of(self.sheet, self.board).state, "found")

    def test_after_the_round_is_closed_a_count_stays_in_the_log(self):
        count = self.count(self.board)
        self.close_round(self.inventory)
        [verdict] = self.send(self.token, count)
        self.assertEqual(verdict["verdict"], "conflict")
        self.assertIn(self.inventory.name, verdict["message"])
        self.assertFalse(self.sheet.count_ids)
        log = self.env["ttcs.field.action"].search([("uuid", "=", count["uuid"])])
        self.assertEqual(log.payload["asset"], self.board.id)
