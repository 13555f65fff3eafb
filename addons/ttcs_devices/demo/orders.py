"""Recordings, a schedule and orders, so that the screens of the operator show something."""

from __future__ import annotations

import base64
import io
import math
import wave

from odoo.api import Environment
from odoo.fields import Command

from odoo.addons.ttcs_assets.demo.province import SILENT

MARKER = "ttcs_devices.demo_orders"
RATE, LOUDEST = 8_000, 100
# Name, and the pitches in hertz that alternate each half second.
SOUNDS = (
    ("Còi báo động bão, lũ", (440, 660), 20),
    ("Còi báo yên", (523, 523), 15),
    ("Nhạc hiệu đài truyền thanh", (392, 494, 587), 6),
)
PROGRAMMES = (
    ("Thời sự sáng", 5.0, 30),
    ("Tin tức địa phương", 11.0, 15),
    ("Bản tin chiều", 17.0, 30),
)
IN_TEST_MODE = 6


def order_demo_devices(env: Environment) -> None:
    """Write them once, after the devices were enrolled; the bridge carries out what is sent."""
    env = env(su=True, context={**env.context, **SILENT})
    parameters = env["ir.config_parameter"]
    if parameters.get_param(MARKER):
        return
    users = {user.login: user for user in env["res.users"].search([])}
    operator, leader = users["vanhanh"], users["lanhdao"]
    agency = operator.ttcs_person_ids.assignment_ids.agency_id[:1]
    siren, _clear, jingle = env["ttcs.device.recording"].create(
        [
            {
                "name": name,
                "agency_id": agency.id,
                "content": base64.b64encode(tone(pitches, seconds)),
                "file_name": f"{name}.wav",
                "seconds": seconds,
            }
            for name, pitches, seconds in SOUNDS
        ]
    )
    schedule = env["ttcs.device.schedule"].create(
        {
            "name": "Lịch phát hằng ngày",
            "agency_id": agency.id,
            "programme_ids": [
                Command.create({"name": name, "begins_at": begins_at, "minutes": minutes})
                for name, begins_at, minutes in PROGRAMMES
            ],
        }
    )
    devices = env["ttcs.device"].search(
        [("state", "=", "enrolled"), ("model_id.purpose", "=", "receiver")], order="id"
    )
    devices[:IN_TEST_MODE].test_mode = True
    commune = devices[:1].commune_id

    def order(**values):
        return (
            env["ttcs.device.order"].with_user(operator).create({"agency_id": agency.id, **values})
        )

    applied = order(
        operation="apply_schedule",
        schedule_id=schedule.id,
        target_kind="places",
        place_ids=[Command.set(devices.commune_id.ids)],
        reason="Áp dụng lịch phát thống nhất toàn tỉnh.",
    )
    applied.action_submit()
    applied.with_user(leader).action_approve()
    order(
        operation="report",
        device_ids=[Command.set(devices[:10].ids)],
        reason="Kiểm tra tình trạng trước mùa mưa bão.",
    ).action_submit()
    order(
        operation="play",
        recording_id=jingle.id,
        target_kind="places",
        place_ids=[Command.set(commune.ids)],
        reason="Phát nhạc hiệu kiểm tra âm thanh sau khi thay tăng âm.",
    ).action_submit()
    order(
        operation="play",
        is_emergency=True,
        mode="exercise",
        recording_id=siren.id,
        target_kind="places",
        place_ids=[Command.set(commune.ids)],
        reason="Diễn tập ứng phó mưa lũ theo kế hoạch của xã.",
    )
    parameters.set_param(MARKER, "1")


def tone(pitches: tuple[int, ...], seconds: int) -> bytes:
    """A WAV of pitches in turn, half a second each; 8 kHz, 8 bits, one channel.

    >>> tone((440,), 1)[:4], len(tone((440,), 1))
    (b'RIFF', 8044)
    """
    content = io.BytesIO()
    with wave.open(content, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(RATE)
        sound.writeframes(
            bytes(
                128 + round(LOUDEST * math.sin(2 * math.pi * _pitch(pitches, n) * n / RATE))
                for n in range(RATE * seconds)
            )
        )
    return content.getvalue()


def _pitch(pitches: tuple[int, ...], sample: int) -> int:
    return pitches[2 * sample // RATE % len(pitches)]
