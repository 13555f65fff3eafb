"""Answers the checklists of some demo orders, a few of them with a line that fails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random

from odoo import fields
from odoo.api import Environment

from ..models.maintenance_request_answering import GivenAnswer

CLOSED, HALF_FILLED = 36, 6
FAILING_EVERY = 3
SECONDS_PER_LINE = 40
TEXTS = ("Trời nắng, đất khô.", "Đã phát quang cành cây quanh cột.", "Không có ghi nhận khác.")
FAILURES = ("Cần vật tư thay thế.", "Đã báo Ủy ban nhân dân xã.", "Đo lại hai lần, cùng kết quả.")


def write_checklists(env: Environment, technician_id: int) -> None:
    """Fill in and close some of the open maintenance orders; leave a few half filled in.

    Photos are left out: a demo has no true ones.
    """
    random = Random("checklists")
    as_technician = env["maintenance.request"].with_user(technician_id).sudo()
    orders = as_technician.search(
        [("closed_at", "=", False), ("checklist_id", "!=", False), ("user_id", "=", technician_id)],
        order="due_date, id",
        limit=CLOSED + HALF_FILLED,
    )
    for number, order in enumerate(orders[HALF_FILLED:]):
        fails = number % FAILING_EVERY == 0
        order._answer(list(_answers(random, order, fails=fails)))
        order._close("repaired", "Đã kiểm tra, vệ sinh theo bảng kiểm tra.")
    for order in orders[:HALF_FILLED]:
        given = list(_answers(random, order, fails=False))
        order._answer(given[: len(given) // 2])


def _answers(random: Random, order, fails: bool) -> Iterator[GivenAnswer]:
    """An answer to each line but photos; with ``fails`` one of those that open a repair fails."""
    lines = order.checklist_id.line_ids.filtered(lambda line: line.kind != "photo")
    failing = random.choice(lines.filtered("opens_corrective") or lines) if fails else None
    moment = fields.Datetime.now() - timedelta(seconds=SECONDS_PER_LINE * len(lines))
    for line in lines:
        moment += timedelta(seconds=SECONDS_PER_LINE)
        note = random.choice(FAILURES) if line == failing else ""
        yield GivenAnswer(line.id, _value(random, line, line == failing), note, moment)


def _value(random: Random, line, fails: bool) -> str | float:
    if line.kind == "yes_no":
        return "no" if fails else "yes"
    if line.kind == "text":
        return random.choice(TEXTS)
    if line.kind == "meter":
        return float(random.randint(2_000, 9_000))
    lowest = line.lowest if line.has_lowest else line.highest - 20
    highest = line.highest if line.has_highest else line.lowest + 40
    if fails:
        return highest + 8 if line.has_highest else lowest - 8
    return round(random.uniform(lowest, highest), 1)
