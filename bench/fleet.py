"""The screens of an operator over 2,000 devices with 30 days of history, by HTTP; the watch job.

    make bench ARGS=fleet

A real server on a copy of the database answers one signed-in operator who sees the province.  The
baseline asks what a system without last values would ask: the newest sample of each device.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import _target
from field import OdooServer, PlainClient, peak

HERE = Path(__file__).resolve().parent
TIMES = 15
PERIODS = {1: "a day", 7: "a week", 30: "30 days"}
CARD = {
    name: {}
    for name in ("connection", "color", "fault_names", "playing_name", "seen_at", "volume")
} | {name: {"fields": {"display_name": {}}} for name in ("equipment_id", "device_id", "unit_id")}
SAMPLE = {name: {} for name in ("ts", "temperature")}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = OdooServer(Path(_target.SETTINGS), _target.PROVINCE, Path(folder))
        try:
            server.copy_database()
            known = server.run(HERE / "_fleet_days.py")
            server.start()
            print(f"## 2,000 devices, {known['rows']:,} samples of 30 days\n")
            print("| Case | Milliseconds, median | Slowest |")
            print("|---|--:|--:|", flush=True)
            measure_screens(server, known)
            print(f"\nPeak memory of the server: {peak(server):.0f} MB.\n", flush=True)
            server.kill()
            measure_watch(server)
        finally:
            server.kill()
            server.drop_database()


def measure_screens(server: OdooServer, known: dict) -> None:
    client = PlainClient(server.root, known, server.database)

    def ask(model: str, method: str, *arguments, **named) -> object:
        params = {"model": model, "method": method, "args": arguments, "kwargs": named}
        told = client.post_json(f"/web/dataset/call_kw/{model}/{method}", {"params": params})
        assert "error" not in told, told["error"]["data"]["message"]
        return told["result"]

    def page(limit: int) -> Callable[[], object]:
        return lambda: ask(
            *("ttcs.device.last", "web_search_read"),
            **{"domain": [], "specification": CARD, "limit": limit},
        )

    show("Fleet page, 80 cards and the count", page(80))
    show("Fleet page, all devices at once", page(2_000))
    show(
        "Fleet by commune and state",
        lambda: ask(
            *("ttcs.device.last", "formatted_read_group"),
            **{"domain": [], "groupby": ["commune_id", "connection"], "aggregates": ["__count"]},
        ),
    )
    show("Map of the network", lambda: ask("ttcs.network.state", "get_map", []))
    for days in PERIODS:
        for model, identifier in (("ttcs.device", "device"), ("maintenance.equipment", "asset")):
            show(
                f"Curve of {PERIODS[days]}, {identifier}",
                lambda model=model, identifier=identifier, days=days: ask(
                    model, "get_chart", [known[identifier]], "temperature", days
                ),
            )
    since = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(time.time() - 86_400))
    of_day = [("device_id", "=", known["device"]), ("ts", ">", since)]
    show(
        "Samples of the device's day, as a list",
        lambda: ask(
            *("ttcs.device.sample", "web_search_read"),
            **{"domain": of_day, "specification": SAMPLE, "limit": 2_000},
        ),
    )
    show(
        "Baseline: newest sample of each device, SQL alone",
        lambda: server.query(
            "SELECT DISTINCT ON (device_id) device_id, ts, faults FROM ttcs_tele.sample"
            " WHERE ts > now() AT TIME ZONE 'UTC' - interval '1 day'"
            " ORDER BY device_id, ts DESC"
        ),
    )


def show(title: str, action: Callable[[], object]) -> None:
    action()
    times = []
    for _turn in range(TIMES):
        started = time.perf_counter()
        action()
        times.append(1_000 * (time.perf_counter() - started))
    print(f"| {title} | {statistics.median(times):.0f} | {max(times):.0f} |", flush=True)


def measure_watch(server: OdooServer) -> None:
    """The minutely look at 20,000 devices by every rule."""
    watched = server.run(HERE / "_fleet_watch.py")
    print("| Watch of alarms | Devices | Alarms raised | Queries | Seconds |")
    print("|---|--:|--:|--:|--:|")
    for one in watched["turns"]:
        counts = f"{one['devices']:,} | {one['raised']:,} | {one['queries']}"
        print(f"| {one['title']} | {counts} | {one['seconds']:.2f} |", flush=True)


if __name__ == "__main__":
    main()
