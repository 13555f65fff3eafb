"""Answers the checklists of some demo orders, a few of them with a line that fails."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from random import Random

from PIL import Image, ImageDraw

from odoo import fields
from odoo.api import Environment

from ..models.maintenance_request_answering import GivenAnswer
from ..photos import Photo

CLOSED, HALF_FILLED = 36, 6
FAILING_EVERY = 3
SECONDS_PER_LINE = 40
TEXTS = ("Trời nắng, đất khô.", "Đã phát quang cành cây quanh cột.", "Không có ghi nhận khác.")
FAILURES = ("Cần vật tư thay thế.", "Đã báo Ủy ban nhân dân xã.", "Đo lại hai lần, cùng kết quả.")


def write_checklists(env: Environment, technician_id: int) -> None:
    """Fill in and close some of the open maintenance orders; leave a few half filled in."""
    random = Random("checklists")
    as_technician = env["maintenance.request"].with_user(technician_id).sudo()
    found = as_technician.search(
        [("closed_at", "=", False), ("checklist_id", "!=", False), ("user_id", "=", False)],
        order="due_date, id",
    )
    # Of all communes, not of the first alone.
    orders = found[:: max(1, len(found) // (CLOSED + HALF_FILLED))][: CLOSED + HALF_FILLED]
    orders.user_id = technician_id
    for number, order in enumerate(orders[HALF_FILLED:]):
        fails = number % FAILING_EVERY == 0
        order._answer(list(_answers(random, order, fails=fails)))
        _keep_pictures(random, order)
        order.confirmed_by = "Trưởng ấp"
        order._close("repaired", "Đã kiểm tra, vệ sinh theo bảng kiểm tra.")
    for order in orders[:HALF_FILLED]:
        given = list(_answers(random, order, fails=False))
        order._answer(given[: len(given) // 2])


def _answers(random: Random, order, fails: bool) -> Iterator[GivenAnswer]:
    """An answer to each line; with ``fails`` one of those that open a repair fails."""
    lines = order.checklist_id.line_ids
    failing = random.choice(lines.filtered("opens_corrective")) if fails else None
    moment = fields.Datetime.now() - timedelta(seconds=SECONDS_PER_LINE * len(lines))
    for line in lines:
        moment += timedelta(seconds=SECONDS_PER_LINE)
        note = random.choice(FAILURES) if line == failing else ""
        yield GivenAnswer(line.id, _value(random, line, line == failing), note, moment)


def _value(random: Random, line, fails: bool) -> str | float | None:
    if line.kind == "photo":
        return None
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


def _keep_pictures(random: Random, order) -> None:
    """A picture before and after the work, and one of each line that asks for it."""
    of_lines = order.answer_ids.filtered(lambda answer: answer.kind == "photo")
    moments = [("before", False), ("after", False), *(("line", answer.id) for answer in of_lines)]
    order.env["ttcs.order.photo"].create(
        [
            {
                "request_id": order.id,
                "moment": moment,
                "answer_id": answer_id,
                "image": _picture(random),
                "taken_at": fields.Datetime.now(),
            }
            for moment, answer_id in moments
        ]
    )


def _picture(random: Random) -> Photo:
    """A drawing of a pole with a loudspeaker, no two alike."""
    sky = (150 + random.randint(0, 60), 190 + random.randint(0, 40), 230)
    image = Image.new("RGB", (320, 240), sky)
    draw = ImageDraw.Draw(image)
    foot = 120 + random.randint(0, 80)
    draw.rectangle((0, 200, 320, 240), fill=(110, 140 + random.randint(0, 60), 80))
    draw.rectangle((foot, 40, foot + 8, 215), fill=(120, 120, 125))
    height = 50 + random.randint(0, 20)
    draw.polygon(
        ((foot + 8, height), (foot + 50, height - 14), (foot + 50, height + 30)), fill="dimgray"
    )
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=80)
    return Photo(stream.getvalue(), *image.size)
