"""Finding Odoo 19.0, or unpacking Debian's package of it beside the suite.

Odoo is not in the Python package index.  In this order: the folder named by ``ODOO_HOME``;
an ``odoo`` 19.0 that this machine's Python already imports; Debian's ``odoo-19`` from the
suite ``sid``, fetched by apt from the very mirror that the machine already uses, signature
checked, and unpacked without being installed.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from . import debian
from .announce import Refusal, step
from .locations import Locations

PACKAGES = {
    "sid": (
        "odoo-19",
        "libjs-jquery",
        "libjs-jquery-form",
        "libjs-underscore",
        "fonts-roboto-unhinted",
        "fonts-montserrat",
        "fonts-inconsolata",
        "fonts-ocr-b",
        "fonts-croscore",
    ),
    # Odoo draws its icons with Font Awesome 4; only stable releases still have that layout.
    "stable": ("fonts-font-awesome",),
}
# Country packages are a third of the archive and this suite needs none of them.
LEFT_OUT = ("*/odoo/addons/l10n_*", "*/share/doc/*", "*/odoo/addons/pos_*")
# Debian drops this file of a free library but the module manifest still names it.
EXPECTED_BY_MANIFEST = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
VERSION_LINE = re.compile(r"^version_info = \((\d+), (\d+)", re.MULTILINE)


def find_or_fetch(locations: Locations, environ: Mapping[str, str] = os.environ) -> Path:
    """Give the folder to put on Python's path so that ``import odoo`` finds 19.0."""
    if environ.get("ODOO_HOME"):
        return _checked_home(Path(environ["ODOO_HOME"]).expanduser().resolve())
    unpacked = locations.odoo / "usr/lib/python3/dist-packages"
    stamp = locations.odoo / "complete"
    if stamp.exists() and _series(unpacked) == "19.0":
        return unpacked
    importable = _importable()
    if importable:
        return importable
    with step("Fetching Odoo 19.0 (Debian's package, about 130 MB)"):
        packages = debian.fetch(locations, "debian", PACKAGES, "Odoo")
    with step("Unpacking Odoo into .odoo/"):
        _unpack(locations, packages)
        stamp.write_text(json.dumps([package.name for package in packages], indent=1))
    return unpacked


def fonts_folder(locations: Locations) -> Path:
    """Where the document kit finds the four Tinos files.

    :raises Refusal: when neither the unpacked nor the system's fonts hold them
    """
    for root in (locations.odoo, Path("/")):
        folder = root / "usr/share/fonts/truetype/croscore"
        if (folder / "Tinos-Regular.ttf").exists():
            return folder
    raise Refusal("The Tinos fonts are missing: install the package fonts-croscore.")


def _checked_home(home: Path) -> Path:
    series = _series(home)
    if series != "19.0":
        found = f"Odoo {series}" if series else "no Odoo"
        raise Refusal(f"ODOO_HOME={home} holds {found}; this suite needs Odoo 19.0.")
    return home


def _series(folder: Path) -> str | None:
    release = folder / "odoo" / "release.py"
    if not release.is_file():
        return None
    match = VERSION_LINE.search(release.read_text())
    return f"{match[1]}.{match[2]}" if match else None


def _importable() -> Path | None:
    """The folder of an ``odoo`` 19.0 that the system's Python would import, if any."""
    result = subprocess.run(
        [sys.executable, "-c", "import odoo.release as r; print(r.__file__)"],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    if result.returncode:
        return None
    folder = Path(result.stdout.strip()).parents[1]
    return folder if _series(folder) == "19.0" else None


def _unpack(locations: Locations, packages: list[Path]) -> None:
    debian.unpack(packages, locations.odoo, LEFT_OUT)
    addons = locations.odoo / "usr/lib/python3/dist-packages/odoo/addons"
    missing = addons / EXPECTED_BY_MANIFEST
    missing.parent.mkdir(parents=True, exist_ok=True)
    missing.touch()
