"""How quickly a list of assets is imported, and in how much memory, beside Odoo's own load().

    make bench ARGS=imports

Nothing stays in the database, for every case is rolled back.  Each asset names its commune,
owner, station, custodian and funding source.

Ours starts from the bytes of an .xlsx file and ends with every row checked, written and noted.
``load()`` starts from rows in memory: once with the names that a list has, once with ids in
their place, its quickest way.  What it leaves out (reading the file, duplicates, verdicts, the
preview) is to its advantage.  Every case runs in a process of its own, so that its peak memory
is its own; seconds are those on the clock, CPU seconds those of Python and of PostgreSQL.
"""

from __future__ import annotations

import argparse
import base64
import io
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import _target
import xlsxwriter

from odoo import api

HEADINGS = (
    "STT",
    "Mã cụm loa",
    "Tên cụm loa",
    "Xã, phường",
    "Vị trí lắp đặt",
    "Thuộc đài",
    "Người quản lý",
    "Số sê-ri",
    "Hãng sản xuất",
    "Model",
    "Số loa",
    "Ngày lắp đặt",
    "Nguyên giá",
    "Nguồn kinh phí",
    "Tình trạng",
    "Vĩ độ",
    "Kinh độ",
)
PLAIN_FIELDS = {
    "code": "code",
    "name": "name",
    "site_note": "site",
    "serial_no": "serial",
    "manufacturer": "manufacturer",
    "model": "model",
    "horn_count": "horns",
    "in_use_date": "date",
    "original_cost": "cost",
    "condition": "condition_code",
    "latitude": "latitude",
    "longitude": "longitude",
    "cost_ids/amount": "cost",
}
REFERENCES = {
    "unit_id": "commune",
    "agency_id": "agency",
    "category_id": "category",
    "parent_asset_id": "station",
    "custodian_id": "custodian",
    "cost_ids/funding_source_id": "source",
}
CONDITIONS = {"Tốt": "good", "Hoạt động kém": "degraded", "Hỏng": "broken"}
ADMINISTRATOR = 2
PROVINCE = "82"
# Slow and linear in the number of assets, so a sample is enough.
NAMES_SAMPLE = 1000


class Clock:
    """Seconds on the clock and of the processors, since it was made and between its stops."""

    def __init__(self, env) -> None:
        self._server = env.cr._cnx.info.backend_pid
        self.stops: dict[str, float] = {}
        self._started = self._last = time.perf_counter()
        self._busy = self._processor_seconds()

    def stop(self, name: str) -> None:
        now = time.perf_counter()
        self.stops[name], self._last = now - self._last, now
        self.seconds = now - self._started
        self.busy = self._processor_seconds() - self._busy

    def _processor_seconds(self) -> float:
        """Of this process and, where it runs on this machine, of its database connection."""
        server = Path(f"/proc/{self._server}/stat")
        if not server.exists():
            return time.process_time()
        user, system = server.read_text().rpartition(")")[2].split()[11:13]
        return time.process_time() + (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def make_places(env) -> list[dict]:
    """What the assets of each commune refer to, as records: a station and a custodian are made."""
    committees = env["ttcs.agency"].search(
        [
            ("kind", "=", "commune_committee"),
            ("unit_id.in_reach", "=", True),
            ("unit_id.in_force", "=", True),
        ]
    )
    if not committees:
        raise SystemExit("The database has no commune in reach of its administrator.")
    kinds = env["maintenance.equipment.category"]
    station_kind = kinds.search([("code", "=", "station")])
    stations = env["maintenance.equipment"].create(
        [
            {
                "name": f"Đài truyền thanh {each.unit_id.full_name}",
                "category_id": station_kind.id,
                "agency_id": each.id,
                "unit_id": each.unit_id.id,
            }
            for each in committees
        ]
    )
    custodians = env["ttcs.person"].create(
        [{"name": f"Cán bộ phụ trách {each.unit_id.full_name}"} for each in committees]
    )
    category = kinds.search([("code", "=", "cluster")])
    source = env["ttcs.funding.source"].search([("level", "=", "commune")], limit=1)
    return [
        {
            "commune": committee.unit_id,
            "agency": committee,
            "category": category,
            "station": station,
            "custodian": custodian,
            "source": source,
        }
        for committee, station, custodian in zip(committees, stations, custodians, strict=True)
    ]


def make_assets(count: int, places: list[dict]) -> list[dict]:
    """Assets as plain values and the records that they refer to."""
    random = Random(count)
    assets = []
    for number in range(count):
        condition = random.choice(tuple(CONDITIONS))
        assets.append(
            {
                **places[number % len(places)],
                "code": f"BENCH-{number:06d}",
                "name": f"Cụm loa số {number}",
                "site": f"Trụ điện số {number % 97}, đường Nguyễn Trãi",
                "serial": f"BENCH-SN-{number:07d}",
                "manufacturer": random.choice(("Hãng A", "Hãng B", "Hãng C")),
                "model": f"M{random.randrange(9)}",
                "horns": random.randrange(1, 5),
                "date": f"{random.randrange(2015, 2026)}-0{random.randrange(1, 10)}-15",
                "cost": random.randrange(5, 40) * 500_000,
                "condition": condition,
                "condition_code": CONDITIONS[condition],
                "latitude": 10.3 + random.random() / 2,
                "longitude": 105.3 + random.random() / 2,
            }
        )
    return assets


def as_workbook(assets: list[dict]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Cụm loa")
        sheet.write_row(0, 0, HEADINGS)
        for number, asset in enumerate(assets, 1):
            year, month, day = asset["date"].split("-")
            sheet.write_row(
                number,
                0,
                [
                    number,
                    asset["code"],
                    asset["name"],
                    asset["commune"].full_name,
                    asset["site"],
                    asset["station"].name,
                    asset["custodian"].name,
                    asset["serial"],
                    asset["manufacturer"],
                    asset["model"],
                    asset["horns"],
                    f"{day}/{month}/{year}",
                    asset["cost"],
                    asset["source"].name,
                    asset["condition"],
                    asset["latitude"],
                    asset["longitude"],
                ],
            )
    return stream.getvalue()


def check_with_the_suite(env, content: bytes):
    committee = env["ttcs.agency"].search([("kind", "=", "provincial_committee")], limit=1)
    batch = env["ttcs.import.batch"].create(
        {
            "kind": "assets",
            "agency_id": committee.id,
            "unit_id": False,
            "file": base64.b64encode(content),
            "file_name": "Danh sách cụm loa.xlsx",
        }
    )
    batch.action_read()
    batch._check()
    return batch


def import_with_the_suite(env, assets: list[dict]) -> tuple[Clock, int]:
    content = as_workbook(assets)
    clock = Clock(env)
    batch = check_with_the_suite(env, content)
    clock.stop("check")
    while batch._write_chunk():
        pass
    batch._finish()
    env.flush_all()
    clock.stop("write")
    return clock, batch.created_count


def import_again(env, assets: list[dict]) -> tuple[Clock, int]:
    """The same list a second time: every row is the same."""
    import_with_the_suite(env, assets)
    content = as_workbook(assets)
    clock = Clock(env)
    batch = check_with_the_suite(env, content)
    clock.stop("check")
    return clock, batch.same_count


def load_names(env, assets: list[dict]) -> tuple[Clock, int]:
    rows = [
        [
            *(str(asset[key]) for key in PLAIN_FIELDS.values()),
            *(
                asset[key].full_name if key == "commune" else asset[key].name
                for key in REFERENCES.values()
            ),
        ]
        for asset in assets
    ]
    return load(env, [*PLAIN_FIELDS, *REFERENCES], rows)


def load_ids(env, assets: list[dict]) -> tuple[Clock, int]:
    rows = [
        [
            *(str(asset[key]) for key in PLAIN_FIELDS.values()),
            *(str(asset[key].id) for key in REFERENCES.values()),
        ]
        for asset in assets
    ]
    return load(env, [*PLAIN_FIELDS, *(f"{name}/.id" for name in REFERENCES)], rows)


def load(env, fields: list[str], rows: list[list[str]]) -> tuple[Clock, int]:
    equipment = env["maintenance.equipment"].with_context(import_file=True)
    clock = Clock(env)
    result = equipment.load(fields, rows)
    env.flush_all()
    clock.stop("load")
    if not result["ids"]:
        raise SystemExit(f"load() refused the rows: {result['messages'][:3]}")
    return clock, len(result["ids"])


CASES = {
    "suite": ("ours: file → checked → written", import_with_the_suite),
    "again": ("ours: the same file again (check)", import_again),
    "names": ("Odoo load(), the same names", load_names),
    "ids": ("Odoo load(), ids in place of names", load_ids),
}


def measure(case: str, arguments: argparse.Namespace) -> None:
    """Run one case in this process and print its row."""
    title, run = CASES[case]
    with _target.registry(_target.EMPTY).cursor() as cursor:
        env = api.Environment(cursor, ADMINISTRATOR, {"lang": "en_US"})
        env["ttcs.province.load"]._load(PROVINCE)
        assets = make_assets(arguments.assets, make_places(env))
        env.flush_all()
        clock, written = run(env, assets)
        cursor.rollback()
    if written != arguments.assets:
        raise SystemExit(f"{title}: {written} rows instead of {arguments.assets}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    parts = ", ".join(f"{name} {value:.1f}" for name, value in clock.stops.items())
    print(
        f"| {title} | {written:,} | {clock.seconds:.1f} | {parts} | {clock.busy:.1f} "
        f"| {written / clock.seconds:,.0f} | {peak:,.0f} |",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--assets", type=int, default=20_000)
    parser.add_argument("--case", choices=CASES, help="only this case, in this process")
    arguments = parser.parse_args()
    if arguments.case:
        measure(arguments.case, arguments)
        return
    print("## Import of assets\n")
    print("| case | assets | seconds | of which | CPU seconds | rows/s | peak RSS, MB |")
    print("|---|---|---|---|---|---|---|", flush=True)
    for case in CASES:
        count = min(arguments.assets, NAMES_SAMPLE) if case == "names" else arguments.assets
        command = [sys.executable, __file__, "--case", case, "--assets", str(count)]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
