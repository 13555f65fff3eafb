"""``make lint``: ruff, ruff format, pylint-odoo, well-formed XML, complete translations."""

from __future__ import annotations

import subprocess
from xml.etree import ElementTree

from . import environment, odoo_source
from .announce import say, step
from .locations import Locations

PYTHON_FOLDERS = ("addons", "scripts", "tests", "bench", "ttcs_wire", "conftest.py")


def lint(locations: Locations, arguments: list[str]) -> int:
    """Run every linter; gives 0 when none complains."""
    locations.prepare()
    odoo = odoo_source.find_or_fetch(locations)
    environment.prepare(locations, odoo, for_tests=True)
    with step("Linting"):
        complaints = [
            _run(locations, "ruff", "check", "--quiet", *PYTHON_FOLDERS),
            _run(locations, "ruff", "format", "--check", "--quiet", *PYTHON_FOLDERS),
            _run(
                locations, "pylint", "--rcfile=config/pylintrc", "--score=n", *_addons(locations)
            ),
            _malformed_xml(locations),
        ]
    return 1 if any(complaints) else 0


def _run(locations: Locations, program: str, *arguments: str) -> int:
    path = locations.environment / "bin" / program
    return subprocess.run([path, *arguments], cwd=locations.repository, check=False).returncode


def _addons(locations: Locations) -> list[str]:
    return [str(path.parent) for path in sorted(locations.addons.glob("*/__manifest__.py"))]


def _malformed_xml(locations: Locations) -> int:
    broken = 0
    for path in sorted(locations.addons.rglob("*.xml")):
        try:
            ElementTree.parse(path)
        except ElementTree.ParseError as error:
            say(f"{path.relative_to(locations.repository)}: {error}")
            broken += 1
    return broken
