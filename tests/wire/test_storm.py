"""Two thousand devices that come back at once, as after a power cut."""

from __future__ import annotations

import time

from wire_line import eventually, living

DEVICES = 2_000


def test_two_thousand_devices_come_back_at_once_and_lose_nothing(wire):
    accounts = wire.enrol(DEVICES)
    with living(wire, accounts, interval=10, back_off=5) as fleet:
        links = list(fleet.links.values())
        wire.broker.kill()
        wire.broker.start()
        began = time.monotonic()
        eventually(lambda: all(link.online.is_set() for link in links), 60)
        assert time.monotonic() - began < 60
        fleet.interval = 10_000
        for link in links[:200]:
            link.drop()
        eventually(lambda: not any(link.device.held for link in links), 120)
        numbers = {link.device.code: link.device._number for link in links}
    rows = wire.books.execute(
        "SELECT code, count(*), max(seq) FROM ttcs_tele.sample"
        " JOIN ttcs_tele.device ON device.id = device_id GROUP BY 1"
    ).fetchall()
    assert {code: counts for code, *counts in rows} == {
        code: [number, number] for code, number in numbers.items() if number
    }
