"""Two thousand devices that come back at once, as after a power cut."""

from __future__ import annotations

from wire_line import eventually, living

DEVICES = 2_000
# A device sends again after a minute what it was not told to be kept.
PATIENCE = 150


def test_two_thousand_devices_come_back_at_once_and_lose_nothing(wire):
    accounts = wire.enrol_province(DEVICES)
    with living(wire, accounts, interval=10, back_off=5) as fleet:
        links = list(fleet.links.values())
        wire.broker.kill()
        eventually(lambda: not any(link.online.is_set() for link in links), 30)
        wire.broker.start()
        # Those whose delay ended first find the bridge away still: what they say then the broker
        # takes and forgets, as it keeps no shared subscription beyond its own end.
        eventually(lambda: all(link.online.is_set() for link in links), 60)
        returned = "SELECT count(*) FROM ttcs_tele.last WHERE online AND state_link > 1"
        eventually(lambda: wire.one(returned) == DEVICES, 60)
        said = {link.device.code: link.device._number for link in links}
        kept = """
            SELECT code, count(*), count(DISTINCT seq) FROM ttcs_tele.sample
            JOIN ttcs_tele.device ON device.id = device_id
            JOIN unnest(%s::text[], %s::int[]) said (code, number) USING (code)
            WHERE seq <= number GROUP BY 1
        """

        def missing() -> dict[str, list[int]]:
            rows = wire.books.execute(kept, [list(said), list(said.values())]).fetchall()
            found = {code: counts for code, *counts in rows}
            return {
                code: found.get(code)
                for code, number in said.items()
                if number and found.get(code) != [number, number]
            }

        eventually(lambda: not missing(), PATIENCE, every=2)
    assert wire.quarantine() == {}
