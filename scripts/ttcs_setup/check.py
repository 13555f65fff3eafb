"""``make test`` and ``make soak``: everything installed, everything run, nothing skipped."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from pathlib import Path

from . import chromium, environment, odoo_source, wire
from .announce import say, step
from .instance import Instance, addon_names
from .lint import lint
from .locations import Locations

# Lower add-ons first: each is installed on a copy of what it depends on.
DEPENDENCY_ORDER = ("ttcs_base", "ttcs_budget", "ttcs_assets", "ttcs_devices")
# Not the ports of ``make run``, so that the tests can run beside it.
TEST_PORT_OFFSET = 100
# The long tests, and those that are short otherwise and killed more often in the soak.
SOAKED = ("tests/soak", "tests/wire/test_kills.py", "tests/browser/test_odoo_killed.py")
SOAK_KILLS = "20"


def test(locations: Locations, arguments: list[str]) -> int:
    """Lint, install each add-on alone with its tests, then the tests across add-ons."""
    return _check(locations, arguments, soak=False)


def soak(locations: Locations, arguments: list[str]) -> int:
    """The long tests: mutation of every guard, full counts of races and faults."""
    return _check(locations, arguments, soak=True)


def _check(locations: Locations, arguments: list[str], *, soak: bool) -> int:
    locations = replace(
        locations, state=locations.state / "test", port=locations.port + TEST_PORT_OFFSET
    )
    locations.prepare()
    odoo = odoo_source.find_or_fetch(locations)
    environment.prepare(locations, odoo, for_tests=False)
    environment.prepare(locations, odoo, for_tests=True)
    browser = chromium.prepare(locations)
    wire.find_or_fetch(locations)
    failed: list[str] = []
    if not soak and lint(locations, []):
        failed.append("lint")
    instance = Instance(locations, odoo, odoo_source.fonts_folder(locations), durable=False)
    try:
        instance.start_database_server()
        wire.Wire(locations, instance.secret("broker")).make_keys()
        failed += _check_add_ons(instance, browser, arguments, soak=soak)
    finally:
        instance.stop()
    for name in failed:
        say(f"FAILED: {name}")
    return 1 if failed else 0


def _check_add_ons(
    instance: Instance, browser: Path, arguments: list[str], *, soak: bool
) -> list[str]:
    names = [name for name in DEPENDENCY_ORDER if name in addon_names(instance.locations)]
    failed = []
    below = None
    for name in names:
        database = f"ttcs_test_{name}"
        instance.replace_database(database, below)
        address = instance.prepare_database(database)
        # A copy speaks Vietnamese already; loading it again would put core's words over ours.
        language = [] if below else ["--load-language", "vi_VN"]
        with step(f"Installing {name} alone"):
            instance.run_odoo(
                address,
                *("-i", name, *language, "--stop-after-init", "--no-http"),
                failure=f"Installing {name} failed",
            )
        if not soak and _pytest(instance, browser, database, [f"addons/{name}", *arguments]):
            failed.append(f"tests of {name}")
        below = database
    folder = [*SOAKED] if soak else ["tests", "--ignore=tests/soak"]
    kills = {"TTCS_WIRE_KILLS": SOAK_KILLS} if soak else {}
    if below and _pytest(instance, browser, below, [*folder, *arguments], **kills):
        failed.append(folder[0])
    return failed


def _pytest(
    instance: Instance, browser: Path, database: str, arguments: list[str], **environ: str
) -> int:
    """Run pytest with Odoo loaded on a database; gives its exit status."""
    locations = instance.locations
    say(f"==> Testing {arguments[0]}")
    command = [locations.python, "-m", "pytest", "-q", "--odoo-http"]
    command += [f"--odoo-config={locations.settings}", f"--odoo-database={database}", *arguments]
    variables = {
        "TTCS_CHROMIUM": str(browser),
        "TTCS_TEST_DB": database,
        "TTCS_STATE_DIR": str(locations.state),
        "TTCS_BROKER_ROOT": str(wire.find_or_fetch(locations) or ""),
        "PYTHONPATH": str(locations.repository / "scripts"),
    }
    return subprocess.run(
        [str(part) for part in command],
        cwd=locations.repository,
        env={**os.environ, **variables, **environ},
        check=False,
    ).returncode
