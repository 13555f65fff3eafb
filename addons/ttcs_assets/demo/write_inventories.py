"""Writes two inventory rounds: one of last year, closed, and one in which teams are counting."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from odoo.api import Environment

from .assets import REFORM

COMMITTEE = ("chairman", "secretary")
LOST = "Bị tháo dỡ khi làm đường, chưa lập biên bản"
WORN_OUT = "Hư hỏng do sử dụng lâu năm, chờ sửa chữa"
CONCLUSION = (
    "Số liệu sổ sách khớp với thực tế, trừ tài sản thiếu đã nêu; đề nghị làm rõ trách nhiệm."
)


def write_inventories(env: Environment, manager_id: int, officer_id: int) -> None:
    """Open and count the rounds as those people would.

    :param manager_id: the asset manager of the department
    :param officer_id: the officer of a commune, whose sheets are counted
    """
    today = env.company._today()
    manager = env["res.users"].browse(manager_id)
    officer = env["res.users"].browse(officer_id)
    commune = officer.ttcs_person_ids.assignment_ids.unit_id[:1]
    _closed_round(env, manager, officer, commune, max(REFORM, today - timedelta(days=45)))
    _running_round(env, manager, officer_id, commune, today)


def _round(env: Environment, manager, unit, freeze: date, due: date, name: str):
    department = manager.ttcs_person_ids.assignment_ids.agency_id[:1]
    inventory = env["ttcs.inventory"].create(
        {
            "name": name,
            "agency_id": department.id,
            "unit_id": unit.id,
            "freeze_date": freeze,
            "due_date": due,
            "decision": "215/QĐ-SVHTTDL",
            "member_ids": [
                (0, 0, {"person_id": person.id, "role": role})
                for person, role in zip(
                    department.assignment_ids.person_id, COMMITTEE, strict=False
                )
            ],
        }
    )
    inventory.action_open()
    return inventory


def _closed_round(env: Environment, manager, officer, commune, freeze: date) -> None:
    """Every asset found but one; every difference explained, then closed for good."""
    name = f"Kiểm kê tài sản 0h {freeze:%d/%m/%Y}"
    inventory = _round(env, manager, commune, freeze, freeze + timedelta(days=60), name)
    inventory.sheet_ids.member_ids = [
        (0, 0, {"person_id": officer.ttcs_person_ids[:1].id, "role": "team_leader"})
    ]
    lines = inventory.sheet_ids.line_ids
    lines[1:].with_user(officer).action_found()
    inventory.sheet_ids.with_user(officer).action_close_counting()
    unexplained = lines.search(
        [("inventory_id", "=", inventory.id), ("is_unexplained", "=", True)]
    )
    missing = unexplained.filtered(lambda line: line.state == "missing")
    missing.write({"explanation": LOST, "proposal": "answer"})
    (unexplained - missing).write({"explanation": WORN_OUT, "proposal": "repair"})
    inventory.conclusion = CONCLUSION
    inventory.action_close()


def _running_round(env: Environment, manager, officer_id: int, commune, today: date) -> None:
    """Over the whole province; one sheet shows what can come up, and one is late."""
    province = manager.ttcs_person_ids.assignment_ids.unit_id[:1]
    freeze = max(REFORM, today - timedelta(days=10))
    name = f"Kiểm kê tài sản 0h {freeze:%d/%m/%Y}, toàn tỉnh"
    inventory = _round(env, manager, province, freeze, today + timedelta(days=20), name)
    sheets = inventory.sheet_ids
    here = sheets.filtered(lambda sheet: sheet.unit_id == commune).sorted("line_count")[-1:]
    elsewhere = (sheets - here).filtered(lambda sheet: sheet.unit_id != commune)
    elsewhere[:1].due_date = today - timedelta(days=2)
    elsewhere[1].line_ids.action_found()
    elsewhere[1].action_close_counting()
    lines = here.line_ids
    lines[: len(lines) // 2].action_found()
    lines[len(lines) // 2].action_missing()
    stray = elsewhere[2].line_ids[:1].equipment_id
    _count(env, here, stray, officer_id, name=stray.name)
    _count(env, here, stray.browse(), officer_id, name="Bộ đàm cầm tay không tem")
    # Counted by the office already: the second is kept as a double.
    _count(env, here, lines[0].equipment_id, officer_id, name=lines[0].name)
    phone, _token = (
        env["ttcs.field.device"]
        .with_user(officer_id)
        ._sign_in(env["res.users"].browse(officer_id), "Điện thoại đi kiểm kê")
    )
    phone.sudo()._note_waiting(3)
    env["ttcs.inventory.phone"]._carry(phone.id, here.ids)


def _count(env: Environment, sheet, equipment, user_id: int, name: str) -> None:
    env["ttcs.inventory.count"].with_user(user_id).sudo()._record(
        sheet.with_user(user_id).sudo(),
        equipment,
        uuid=str(uuid.uuid4()),
        name=name,
        condition="good",
        how="scan",
        counted_at=sheet.create_date,
    )
