"""The virtual environment: pinned wheels, and a path file so that pip sees Odoo in it."""

from __future__ import annotations

import hashlib
import shutil
import sys
from pathlib import Path

from .announce import Refusal, step
from .locations import Locations
from .processes import run_quietly

OLDEST_PYTHON = (3, 11)


def prepare(locations: Locations, odoo: Path, *, for_tests: bool) -> None:
    """Make or complete ``.venv``; quick when nothing changed."""
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(map(str, sys.version_info[:2]))
        raise Refusal(f"Python {found} is too old; this suite needs 3.11 or newer.")
    lists = [locations.repository / "config" / "requirements.txt"]
    if for_tests:
        lists.append(locations.repository / "config" / "requirements-test.txt")
    wanted = _fingerprint([*lists], odoo)
    stamp = locations.environment / f"complete-{'test' if for_tests else 'run'}"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    with step("Installing Python packages into .venv/"):
        if not locations.python.exists():
            _create(locations)
        _point_to(odoo, locations)
        _install(locations, lists)
    stamp.write_text(wanted)


def install_beside(locations: Locations, wanted: Path, folder: Path) -> None:
    """Install a list of packages into a folder of its own, apart from the environment."""
    shutil.rmtree(folder, ignore_errors=True)
    _install(locations, [wanted], "--target", folder)


def _install(locations: Locations, lists: list[Path], *options: str | Path) -> None:
    command = [locations.python, "-m", "pip", "install", "--no-deps", "--prefer-binary", *options]
    for path in lists:
        command += ["-r", path]
    run_quietly(
        command,
        log=locations.state / "setup.log",
        failure="Cannot install the Python packages: is the network up? Run it again.",
        environment={
            "PIP_CACHE_DIR": str(locations.cache / "pip"),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        },
    )


def _create(locations: Locations) -> None:
    shutil.rmtree(locations.environment, ignore_errors=True)
    run_quietly(
        [sys.executable, "-m", "venv", locations.environment],
        log=locations.state / "setup.log",
        failure="Cannot make a virtual environment: install the package python3-venv.",
    )


def site_packages(locations: Locations) -> Path:
    """The folder of the environment in which wheels land."""
    return next((locations.environment / "lib").glob("python3.*/site-packages"))


def _point_to(odoo: Path, locations: Locations) -> None:
    """Let the environment import Odoo, and the suite's own package."""
    packages = site_packages(locations)
    (packages / "odoo-source.pth").write_text(f"{odoo}\n")
    own = packages / "ttcs_wire"
    own.unlink(missing_ok=True)
    own.symlink_to(locations.repository / "ttcs_wire", target_is_directory=True)


def _fingerprint(lists: list[Path], odoo: Path) -> str:
    digest = hashlib.sha256(f"{odoo} {sys.version}".encode())
    for path in lists:
        digest.update(path.read_bytes())
    return digest.hexdigest()
