"""How quickly a survey takes its figures from the register of a province.

    make bench ARGS=survey

Prints rows of a Markdown table: the figures of every commune in one statement, the opening of a
survey, its freezing with all files, and as a baseline the same counts asked of the ORM commune
by commune, as a console with menus would.  Everything is rolled back.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import _target

from odoo.api import SUPERUSER_ID, Environment

REPEATS = 5


def main() -> None:
    print("## Survey of the province\n")
    with _target.registry(_target.PROVINCE).cursor() as cursor:
        measure(Environment(cursor, SUPERUSER_ID, {"tracking_disable": True}))
        cursor.rollback()
    _target.print_peak_memory()


def measure(env: Environment) -> None:
    """Print one row for each case."""
    survey = make_survey(env)
    assets = env["maintenance.equipment"].search_count([])
    communes = communes_of(survey)
    print(f"Register of {assets:,} assets, {len(communes):,} communes.\n")
    print("| case | seconds | queries |")
    print("|---|---|---|", flush=True)
    show(env, "figures of every commune, one statement", survey._register_counts)
    show(env, "the same with a read_group per commune and figure", lambda: by_orm(env, communes))
    show(env, "opening the survey: sheets, stations, figures", survey.action_open, 1)
    show(env, "totals of the open survey", survey._sheet_totals)
    show(env, "the report as data", survey._current_report)
    for ending in ("pdf", "docx", "xlsx"):
        show(env, f"the report as {ending.upper()}", lambda e=ending: survey._report_file(e), 1)
    show(env, "freezing: snapshot, three files, hashes", survey.action_close, 1)
    check(env, survey, communes)


def make_survey(env: Environment):
    """A survey of the largest area that has communes today."""
    today = env.company._today()
    committees = env["ttcs.agency"].search([("kind", "=", "commune_committee")])
    current = committees.filtered(lambda agency: not agency.valid_to)
    province = env["ttcs.unit"].browse(int(current[0].unit_id.parent_path.split("/")[0]))
    agency = env["ttcs.agency"].search([("unit_id", "=", province.id)], limit=1)
    return env["ttcs.survey"].create(
        {
            "name": "Đo tốc độ",
            "agency_id": agency.id,
            "unit_id": province.id,
            "map_date": today,
            "due_date": today + timedelta(days=30),
        }
    )


def communes_of(survey):
    return survey.env["ttcs.unit"].search(
        [("id", "child_of", survey.unit_id.id), ("level", "=", 3), ("in_force", "=", True)]
    )


def show(env: Environment, title: str, action: Callable[[], object], repeats: int = REPEATS):
    """Run an action with cold ORM caches and print the median of its times."""
    times = []
    for _turn in range(repeats):
        env.flush_all()
        env.invalidate_all()
        before, started = env.cr.sql_log_count, time.perf_counter()
        action()
        env.flush_all()
        times.append(time.perf_counter() - started)
        queries = env.cr.sql_log_count - before
    print(f"| {title} | {sorted(times)[len(times) // 2]:.3f} | {queries:,} |", flush=True)


def by_orm(env: Environment, communes) -> dict[int, dict[str, int]]:
    """A part of the figures (of today only) as the ORM counts them, commune by commune."""
    assets, units = env["maintenance.equipment"], env["ttcs.unit"]
    counts = {}
    for commune in communes:
        in_use = [("commune_id", "=", commune.id), ("life_state", "=", "in_use")]
        stations = [*in_use, ("family", "=", "station")]
        clusters = [*in_use, ("family", "=", "cluster")]
        boards = [*in_use, ("family", "=", "board")]
        groups = dict(assets._read_group(clusters, ["condition"], ["__count"]))
        horns = assets._read_group(clusters, [], ["horn_count:sum"])
        of_boards = assets._read_group(boards, ["board_site", "condition"], ["__count"])
        found = {
            "stations_total": assets.search_count(stations),
            "clusters_total": sum(groups.values()),
            "clusters_working": groups.get("good", 0) + groups.get("degraded", 0),
            "clusters_horns": horns[0][0] or 0,
            "boards_total": sum(row[-1] for row in of_boards),
        }
        for kind in ("wired", "fm", "ip", "mixed"):
            domain = [*stations, ("station_kind", "=", kind)]
            found[f"stations_{kind}"] = assets.search_count(domain)
        for level, section in ((4, "hamlets"), (5, "residential")):
            places = [
                ("commune_id", "=", commune.id),
                ("level", "=", level),
                ("in_force", "=", True),
            ]
            found[f"{section}_total"] = units.search_count(places)
            for state in ("heard", "silent", "none"):
                domain = [*places, ("sound", "=", state)]
                found[f"{section}_{state}"] = units.search_count(domain)
        counts[commune.id] = found
    return counts


def check(env: Environment, survey, communes) -> None:
    """Both ways count the same, else the times mean nothing."""
    counts, _outside = survey._register_counts()
    for commune, found in by_orm(env, communes).items():
        statement = counts.get(commune, {})
        differing = {
            key: (value, statement.get(key, 0))
            for key, value in found.items()
            if value != statement.get(key, 0)
        }
        if differing:
            raise SystemExit(f"commune {commune}: ORM and statement differ: {differing}")


if __name__ == "__main__":
    main()
