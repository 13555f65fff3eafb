"""Finding Odoo 19.0, or unpacking Debian's package of it beside the suite.

Odoo is not in the Python package index.  In this order: the folder named by ``ODOO_HOME``;
an ``odoo`` 19.0 that this machine's Python already imports; Debian's ``odoo-19`` from the
suite ``sid``, fetched by apt from the very mirror that the machine already uses, signature
checked, and unpacked without being installed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from .announce import Refusal, step
from .locations import Locations
from .processes import run_quietly

ARCHIVE_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
PACKAGES = (
    "odoo-19",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-inconsolata",
    "fonts-ocr-b",
    "fonts-croscore",
)
# Odoo draws its icons with Font Awesome 4; only stable releases still have that layout.
STABLE_PACKAGES = ("fonts-font-awesome",)
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
        packages = _fetch(locations)
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


def _mirror() -> str:
    """The Debian mirror of this machine's own apt sources."""
    folder = Path("/etc/apt")
    files = [folder / "sources.list", *sorted((folder / "sources.list.d").glob("*"))]
    for path in files:
        if not path.is_file():
            continue
        for line in path.read_text(errors="replace").splitlines():
            match = re.match(r"\s*(?:URIs:|deb(?:\s+\[[^]]*\])?)\s*(\S+/debian)/?(?:\s|$)", line)
            if match:
                return match[1]
    raise Refusal(
        "Found no Debian mirror in this machine's apt sources; "
        "set ODOO_HOME to a folder with Odoo 19.0, or use docker/ (see README)."
    )


def _apt_options(folder: Path) -> list[str]:
    for name in ("lists/partial", "archives/partial", "empty"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "status").touch()
    return [
        f"-oDir::Etc::sourcelist={folder}/sid.sources",
        f"-oDir::Etc::sourceparts={folder}/empty",
        f"-oDir::State::lists={folder}/lists",
        f"-oDir::State::status={folder}/status",
        f"-oDir::Cache={folder}",
        "-oAPT::Sandbox::User=root",
        "-oDebug::NoLocking=1",
    ]


def _fetch(locations: Locations) -> list[Path]:
    """Download the packages into the cache and give their paths, hashes checked."""
    cache = locations.cache / "debian"
    cache.mkdir(parents=True, exist_ok=True)
    kept = _kept_packages(cache)
    if kept:
        return kept
    for program in ("apt-get", "dpkg-deb"):
        if not shutil.which(program):
            raise Refusal(
                f"{program} is missing: this is no Debian system. "
                "Set ODOO_HOME to a folder with Odoo 19.0, or use docker/ (see README)."
            )
    if not ARCHIVE_KEYRING.exists():
        raise Refusal("The package debian-archive-keyring is missing: install it first.")
    log = locations.state / "setup.log"
    apt = locations.cache / "apt"
    options = _apt_options(apt)
    (apt / "sid.sources").write_text(
        f"Types: deb\nURIs: {_mirror()}\nSuites: sid\nComponents: main\n"
        f"Signed-By: {ARCHIVE_KEYRING}\n"
    )
    unreachable = "Cannot fetch Odoo: is the network up? Run the command again once it is."
    run_quietly(["apt-get", *options, "-qq", "update"], log=log, failure=unreachable)
    run_quietly(
        ["apt-get", *options, "-q", "download", *PACKAGES],
        log=log,
        failure=unreachable,
        working_folder=cache,
    )
    _fetch_stable(locations, cache, log)
    packages = sorted(cache.glob("*.deb"))
    (cache / "hashes.json").write_text(
        json.dumps({path.name: _digest(path) for path in packages}, indent=1)
    )
    return packages


def _fetch_stable(locations: Locations, cache: Path, log: Path) -> None:
    """Fetch the packages whose layout Odoo needs from the machine's own release."""
    lists = locations.cache / "apt" / "stable"
    for name in ("lists/partial", "archives/partial"):
        (lists / name).mkdir(parents=True, exist_ok=True)
    options = [
        f"-oDir::State::lists={lists}/lists",
        f"-oDir::Cache={lists}",
        "-oAPT::Sandbox::User=root",
        "-oDebug::NoLocking=1",
    ]
    failure = "Cannot fetch the icon font: is the network up? Run the command again once it is."
    run_quietly(["apt-get", *options, "-qq", "update"], log=log, failure=failure)
    run_quietly(
        ["apt-get", *options, "-q", "download", *STABLE_PACKAGES],
        log=log,
        failure=failure,
        working_folder=cache,
    )


def _kept_packages(cache: Path) -> list[Path]:
    """Packages of an earlier run, if the set is complete and none was damaged."""
    record = cache / "hashes.json"
    if not record.exists():
        for leftover in cache.glob("*.deb"):
            leftover.unlink()
        return []
    hashes = json.loads(record.read_text())
    packages = [cache / name for name in sorted(hashes)]
    if all(path.exists() and _digest(path) == hashes[path.name] for path in packages):
        return packages
    record.unlink()
    return _kept_packages(cache)


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def _unpack(locations: Locations, packages: list[Path]) -> None:
    target = locations.odoo
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    excluded = [f"--exclude={pattern}" for pattern in LEFT_OUT]
    for package in packages:
        archive = subprocess.Popen(
            ["dpkg-deb", "--fsys-tarfile", str(package)], stdout=subprocess.PIPE
        )
        result = subprocess.run(
            ["tar", "-x", "--no-same-owner", "-C", str(target), *excluded],
            stdin=archive.stdout,
            check=False,
        )
        if archive.wait() or result.returncode:
            raise Refusal(f"Cannot unpack {package.name}: is the disk full?")
    addons = target / "usr/lib/python3/dist-packages/odoo/addons"
    missing = addons / EXPECTED_BY_MANIFEST
    missing.parent.mkdir(parents=True, exist_ok=True)
    missing.touch()
