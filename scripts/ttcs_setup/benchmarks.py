"""``make bench``: each script of ``bench/`` beside its baseline, results kept with the machine.

A script prints markdown: a heading of its own and a table.  ``bench/_target.py`` tells it where
it measures: a database with 20,000 register items and one with nothing loaded.
"""

from __future__ import annotations

import os
import platform
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

from . import chromium, environment, odoo_source, wire
from .announce import say, step
from .instance import Instance
from .locations import Locations

DATABASE = "ttcs_bench"
EMPTY_DATABASE = "ttcs_bench_empty"
# Odoo's own website beside the suite, as a baseline for public pages.
WEBSITE_DATABASE = "ttcs_bench_website"
# A peer's add-ons on Odoo's own maintenance, without the suite.
PEER_DATABASE = "ttcs_bench_peer"
PEER_MODULES = "maintenance_plan"
BENCH_PORT_OFFSET = 200
PROVINCE_PROGRAM = "scripts/odoo_programs/load_bench_province.py"


def run_benchmarks(locations: Locations, arguments: list[str]) -> int:
    """Run all benchmarks, or those named; gives 0 when every script ran."""
    locations = replace(
        locations, state=locations.state / "bench", port=locations.port + BENCH_PORT_OFFSET
    )
    locations.prepare()
    odoo = odoo_source.find_or_fetch(locations)
    environment.prepare(locations, odoo, for_tests=False)
    # One of them asks a real browser.
    environment.prepare(locations, odoo, for_tests=True)
    browser = chromium.prepare(locations)
    instance = Instance(locations, odoo, odoo_source.fonts_folder(locations), durable=True)
    folder = locations.repository / "bench"
    scripts = [path for path in sorted(folder.glob("*.py")) if _wanted(path, arguments)]
    failed = False
    sections = [_heading()]
    try:
        instance.start_database_server()
        empty = instance.prepare_database(EMPTY_DATABASE)
        instance.install(empty)
        instance.replace_database(WEBSITE_DATABASE, EMPTY_DATABASE)
        with step("Installing Odoo's website for comparison"):
            instance.run_odoo(
                instance.prepare_database(WEBSITE_DATABASE),
                *("-i", "website", "--stop-after-init", "--no-http"),
                failure="Installing the website failed",
            )
        _install_peers(instance)
        instance.replace_database(DATABASE, EMPTY_DATABASE)
        database = instance.prepare_database(DATABASE)
        with step("Loading a province of 20,000 register items"):
            program = locations.repository / PROVINCE_PROGRAM
            instance.run_program(database, program, "Loading the province failed")
        for script in scripts:
            with step(f"Measuring {script.stem}"):
                result = _measure(instance, browser, script)
            failed = failed or bool(result.returncode)
            sections.append(result.stdout.strip())
            say(result.stdout)
    finally:
        instance.stop()
    if not arguments and not failed:
        (folder / "RESULTS.md").write_text("\n\n".join(sections) + "\n")
    return 1 if failed else 0


def _wanted(path: Path, arguments: list[str]) -> bool:
    return not path.stem.startswith("_") and (not arguments or path.stem in arguments)


def _install_peers(instance: Instance) -> None:
    """The add-ons that are measured beside us, in a folder and a database of their own."""
    locations = instance.locations
    with step("Installing the add-ons to compare with"):
        wanted = locations.repository / "config" / "requirements-peers.txt"
        environment.install_beside(locations, wanted, _peers(locations))
        instance.replace_database(PEER_DATABASE, None)
        instance.run_odoo(
            instance.prepare_database(PEER_DATABASE),
            *("-i", PEER_MODULES, "--addons-path", _peer_addons(instance)),
            *("--stop-after-init", "--no-http"),
            failure="Installing the add-ons to compare with failed",
        )


def _peers(locations: Locations) -> Path:
    return locations.state / "peers"


def _peer_addons(instance: Instance) -> str:
    return f"{instance.addons_path()},{_peers(instance.locations) / 'odoo' / 'addons'}"


def _measure(instance: Instance, browser: Path, script: Path) -> subprocess.CompletedProcess:
    locations = instance.locations
    variables = {
        "TTCS_BENCH_CONFIG": str(locations.settings),
        "TTCS_BENCH_DB": DATABASE,
        "TTCS_BENCH_EMPTY_DB": EMPTY_DATABASE,
        "TTCS_BENCH_WEBSITE_DB": WEBSITE_DATABASE,
        "TTCS_BENCH_PEER_DB": PEER_DATABASE,
        "TTCS_BENCH_PEER_ADDONS": _peer_addons(instance),
        "TTCS_CHROMIUM": str(browser),
        "TTCS_BENCH_PORT": str(locations.port),
        "TTCS_FONTS": str(instance.fonts),
        "TTCS_BROKER_ROOT": str(wire.find_or_fetch(locations) or ""),
    }
    return subprocess.run(
        [locations.python, script],
        cwd=locations.repository,
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )


def _heading() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    machine = f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.machine()}"
    return f"# Measured\n\n{date.today():%d/%m/%Y}, {machine}, Python {platform.python_version()}."
