"""The commands behind the Makefile."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from .announce import Refusal, refuse, say
from .check import soak, test
from .lint import lint
from .locations import Locations
from .postgres import port_of_running_server
from .run import run


def bench(locations: Locations, arguments: list[str]) -> int:
    """Run the benchmarks beside their baselines."""
    from .benchmarks import run_benchmarks

    return run_benchmarks(locations, arguments)


def clean(locations: Locations, arguments: list[str]) -> int:
    """Remove what set-up made in this clone, data included; downloads are kept."""
    states = [locations.state, locations.state / "test", locations.state / "bench"]
    # Where an administrator's servers keep their data (see postgres.py).
    shared = [Path("/var/lib/ttcs") / replace(locations, state=state).label for state in states]
    for folder in [state / "postgres" for state in states] + shared:
        if port_of_running_server(folder / "data"):
            raise Refusal("The instance is still running: stop it first (Ctrl-C where it runs).")
    for folder in (
        locations.state,
        locations.environment,
        locations.odoo,
        locations.broker,
        *shared,
    ):
        shutil.rmtree(folder, ignore_errors=True)
    say("Removed .run, .venv, .odoo and .broker; downloads are kept in the cache.")
    return 0


COMMANDS: dict[str, tuple[Callable[[Locations, list[str]], int], str]] = {
    "run": (run, "set up what is missing and serve the suite with the demo province"),
    "test": (test, "install everything that the tests need and run them all"),
    "soak": (soak, "the long tests: every guard dropped in turn, full fault counts"),
    "bench": (bench, "measure speed and memory beside the baselines"),
    "lint": (lint, "ruff, ruff format, pylint-odoo, XML"),
    "clean": (clean, "remove what set-up made here, the data included"),
}


def main(arguments: list[str]) -> int:
    name = arguments[0] if arguments else "help"
    if name not in COMMANDS:
        say("make <command>, where <command> is one of")
        for command, (_, text) in COMMANDS.items():
            say(f"  {command:<6} {text}")
        say("Settings: TTCS_PORT, TTCS_STATE_DIR, TTCS_CACHE_DIR, ODOO_HOME, PGHOST …")
        return 0 if name == "help" else 2
    try:
        return COMMANDS[name][0](Locations.from_environment(), arguments[1:])
    except Refusal as error:
        return refuse(error)
    except subprocess.CalledProcessError as error:
        return refuse(Refusal(f"{error.cmd[0]} failed with status {error.returncode}."))
    except KeyboardInterrupt:
        say("Interrupted.")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
