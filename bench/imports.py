"""How quickly a list of assets is imported, and in how much memory, beside Odoo's own load().

    python bench/imports.py -c odoo.conf -d DATABASE [--assets 20000]

The database has ttcs_assets and the places of a province; nothing stays in it, for every case
is rolled back.  Ours starts from the bytes of an .xlsx file whose places are names, and ends
with every row checked, written and noted.  ``load()`` starts from rows in memory, with ids for
every reference, its quickest way; what it leaves out (reading the file, finding the places,
duplicates, verdicts) is to its advantage.  Every case runs in a process of its own, so that its
peak memory is its own.
"""

from __future__ import annotations

import argparse
import base64
import io
import resource
import subprocess
import sys
import time
from random import Random

import xlsxwriter

HEADINGS = (
    "STT",
    "Mã cụm loa",
    "Tên cụm loa",
    "Xã, phường",
    "Vị trí lắp đặt",
    "Số sê-ri",
    "Hãng sản xuất",
    "Model",
    "Số loa",
    "Ngày lắp đặt",
    "Nguyên giá",
    "Tình trạng",
    "Vĩ độ",
    "Kinh độ",
)
LOAD_FIELDS = [
    "code",
    "name",
    "unit_id/.id",
    "site_note",
    "serial_no",
    "manufacturer",
    "model",
    "horn_count",
    "in_use_date",
    "original_cost",
    "condition",
    "latitude",
    "longitude",
    "agency_id/.id",
    "category_id/.id",
]
CONDITIONS = {"Tốt": "good", "Hoạt động kém": "degraded", "Hỏng": "broken"}
ADMINISTRATOR = 2


def make_assets(count: int, communes: list[tuple[str, int, int]]) -> list[dict]:
    """Assets as plain values; ``communes`` are name, id of the place, id of its committee."""
    random = Random(count)
    assets = []
    for number in range(count):
        commune, unit, agency = communes[number % len(communes)]
        assets.append(
            {
                "code": f"BENCH-{number:06d}",
                "name": f"Cụm loa số {number}",
                "commune": commune,
                "unit": unit,
                "agency": agency,
                "site": f"Trụ điện số {number % 97}, đường Nguyễn Trãi",
                "serial": f"BENCH-SN-{number:07d}",
                "manufacturer": random.choice(("Hãng A", "Hãng B", "Hãng C")),
                "model": f"M{random.randrange(9)}",
                "horns": random.randrange(1, 5),
                "date": f"{random.randrange(2015, 2026)}-0{random.randrange(1, 10)}-15",
                "cost": random.randrange(5, 40) * 500_000,
                "condition": random.choice(tuple(CONDITIONS)),
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
                    asset["commune"],
                    asset["site"],
                    asset["serial"],
                    asset["manufacturer"],
                    asset["model"],
                    asset["horns"],
                    f"{day}/{month}/{year}",
                    asset["cost"],
                    asset["condition"],
                    asset["latitude"],
                    asset["longitude"],
                ],
            )
    return stream.getvalue()


def import_with_the_suite(env, assets: list[dict]) -> tuple[int, dict[str, float]]:
    content = base64.b64encode(as_workbook(assets))
    committee = env["ttcs.agency"].search([("kind", "=", "provincial_committee")], limit=1)
    seconds = {}
    started = time.perf_counter()
    batch = env["ttcs.import.batch"].create(
        {
            "kind": "assets",
            "agency_id": committee.id,
            "unit_id": False,
            "file": content,
            "file_name": "Danh sách cụm loa.xlsx",
        }
    )
    batch.action_read()
    batch._check()
    seconds["check"] = time.perf_counter() - started
    while batch._write_chunk():
        pass
    batch._finish()
    env.flush_all()
    seconds["write"] = time.perf_counter() - started - seconds["check"]
    return batch.created_count, seconds


def import_again(env, assets: list[dict]) -> tuple[int, dict[str, float]]:
    """The same list a second time: every row is the same."""
    import_with_the_suite(env, assets)
    content = base64.b64encode(as_workbook(assets))
    committee = env["ttcs.agency"].search([("kind", "=", "provincial_committee")], limit=1)
    started = time.perf_counter()
    batch = env["ttcs.import.batch"].create(
        {
            "kind": "assets",
            "agency_id": committee.id,
            "unit_id": False,
            "file": content,
            "file_name": "Danh sách cụm loa.xlsx",
        }
    )
    batch.action_read()
    batch._check()
    return batch.same_count, {"check": time.perf_counter() - started}


def import_with_load(env, assets: list[dict]) -> tuple[int, dict[str, float]]:
    category = env["maintenance.equipment.category"].search([("code", "=", "cluster")])
    rows = [
        [
            asset["code"],
            asset["name"],
            str(asset["unit"]),
            asset["site"],
            asset["serial"],
            asset["manufacturer"],
            asset["model"],
            str(asset["horns"]),
            asset["date"],
            str(asset["cost"]),
            CONDITIONS[asset["condition"]],
            str(asset["latitude"]),
            str(asset["longitude"]),
            str(asset["agency"]),
            str(category.id),
        ]
        for asset in assets
    ]
    equipment = env["maintenance.equipment"].with_context(import_file=True)
    started = time.perf_counter()
    result = equipment.load(LOAD_FIELDS, rows)
    env.flush_all()
    if not result["ids"]:
        raise SystemExit(f"load() refused the rows: {result['messages'][:3]}")
    return len(result["ids"]), {"load": time.perf_counter() - started}


CASES = {
    "suite": ("ours: file → checked → written", import_with_the_suite),
    "again": ("ours: the same file again (check)", import_again),
    "load": ("Odoo load(), references by id", import_with_load),
}


def measure(case: str, arguments: argparse.Namespace) -> None:
    """Run one case in this process and print its row."""
    import odoo
    from odoo.modules.registry import Registry
    from odoo.tools import config

    config.parse_config(["-c", arguments.config, "-d", arguments.database, "--log-level=error"])
    title, run = CASES[case]
    with Registry(arguments.database).cursor() as cursor:
        env = odoo.api.Environment(cursor, ADMINISTRATOR, {"lang": "en_US"})
        committees = env["ttcs.agency"].search(
            [
                ("kind", "=", "commune_committee"),
                ("unit_id.in_reach", "=", True),
                ("unit_id.in_force", "=", True),
            ]
        )
        communes = [(each.unit_id.full_name, each.unit_id.id, each.id) for each in committees]
        if not communes:
            raise SystemExit("The database has no commune in reach of its administrator.")
        assets = make_assets(arguments.assets, communes)
        written, seconds = run(env, assets)
        cursor.rollback()
    if written != arguments.assets:
        raise SystemExit(f"{title}: {written} rows instead of {arguments.assets}")
    total = sum(seconds.values())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    parts = ", ".join(f"{name} {value:.1f}" for name, value in seconds.items())
    rate = written / total
    print(f"| {title} | {written:,} | {total:.1f} | {parts} | {rate:,.0f} | {peak:,.0f} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-c", "--config", required=True, help="Odoo's settings file")
    parser.add_argument("-d", "--database", required=True)
    parser.add_argument("--assets", type=int, default=20_000)
    parser.add_argument("--case", choices=CASES, help="only this case, in this process")
    arguments = parser.parse_args()
    if arguments.case:
        measure(arguments.case, arguments)
        return
    print("| case | assets | seconds | of which | rows/s | peak RSS, MB |")
    print("|---|---|---|---|---|---|", flush=True)
    for case in CASES:
        command = [sys.executable, __file__, "--case", case, "-c", arguments.config]
        command += ["-d", arguments.database, "--assets", str(arguments.assets)]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
