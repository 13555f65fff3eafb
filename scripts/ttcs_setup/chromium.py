"""The browser that the tests and the screenshots drive.  Its absence is an error."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from .announce import Refusal, step
from .locations import Locations
from .processes import run_quietly

NAMES = ("chromium", "chromium-browser", "google-chrome")
# pdftoppm shows the printed labels to an independent QR decoder.
OTHER_PROGRAMS = {"pdftoppm": "poppler-utils"}


def prepare(locations: Locations) -> Path:
    """Give the path of Chromium, installing it when this account may.

    :raises Refusal: when it is missing and only an administrator could install it
    """
    missing = [package for program, package in OTHER_PROGRAMS.items() if not shutil.which(program)]
    if _find() is None:
        missing.append("chromium")
    if missing:
        _install(missing, locations)
    found = _find()
    if found is None:
        raise Refusal("Chromium was installed but is not on the path.")
    return found


def _find() -> Path | None:
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return Path(path)
    return None


def _install(packages: list[str], locations: Locations) -> None:
    names = " ".join(packages)
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Refusal(f"The tests need {names}: sudo apt-get install {names}")
    log = locations.state / "setup.log"
    failure = f"Cannot install {names}: is the network up? Run it again once it is."
    with step(f"Installing {names} for the browser tests"):
        run_quietly(["apt-get", "-qq", "update"], log=log, failure=failure)
        run_quietly(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
            log=log,
            failure=failure,
            environment={"DEBIAN_FRONTEND": "noninteractive"},
        )
