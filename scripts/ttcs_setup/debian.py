"""Debian packages, fetched by apt as whoever asks, and unpacked without being installed.

The mirror is the one that the machine already uses; signatures are checked by apt.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from .announce import Refusal
from .locations import Locations
from .processes import run_quietly

ARCHIVE_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
INSTEAD = "Set ODOO_HOME to a folder with Odoo 19.0, or use docker/ (see README)."


def fetch(
    locations: Locations, name: str, packages: dict[str, Sequence[str]], what: str
) -> list[Path]:
    """Download packages into the cache, or take those kept there, and give their paths.

    :param name: folder of the cache that holds the set
    :param packages: names by suite; ``stable`` stands for the machine's own release
    :param what: what they are, for the person
    :raises Refusal: when this is no Debian system or the network is down
    """
    cache = locations.cache / name
    cache.mkdir(parents=True, exist_ok=True)
    kept = _kept_packages(cache)
    if kept:
        return kept
    for program in ("apt-get", "dpkg-deb"):
        if not shutil.which(program):
            raise Refusal(f"{program} is missing: this is no Debian system. {INSTEAD}")
    if not ARCHIVE_KEYRING.exists():
        raise Refusal("The package debian-archive-keyring is missing: install it first.")
    failure = f"Cannot fetch {what}: is the network up? Run the command again once it is."
    for suite, names in packages.items():
        options = _apt_options(locations.cache / "apt" / suite, suite)
        log = locations.state / "setup.log"
        run_quietly(["apt-get", *options, "-qq", "update"], log=log, failure=failure)
        if suite == "stable":
            names = _with_what_they_need(names, options)
        run_quietly(
            ["apt-get", *options, "-q", "download", *names],
            log=log,
            failure=failure,
            working_folder=cache,
        )
    found = sorted(cache.glob("*.deb"))
    (cache / "hashes.json").write_text(
        json.dumps({path.name: _digest(path) for path in found}, indent=1)
    )
    return found


def unpack(packages: Sequence[Path], target: Path, left_out: Sequence[str] = ()) -> None:
    """Unpack packages into a folder, which is made anew.

    :param left_out: patterns of files that are not wanted
    :raises Refusal: when a package cannot be unpacked
    """
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    excluded = [f"--exclude={pattern}" for pattern in left_out]
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
    raise Refusal(f"Found no Debian mirror in this machine's apt sources. {INSTEAD}")


def _apt_options(folder: Path, suite: str) -> list[str]:
    """Options with which apt works in a folder of its own, without root.

    The machine's own release is asked as the machine is set up; another suite by its name.
    """
    for name in ("lists/partial", "archives/partial", "empty"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    options = [
        f"-oDir::State::lists={folder}/lists",
        f"-oDir::Cache={folder}",
        "-oAPT::Sandbox::User=root",
        "-oDebug::NoLocking=1",
    ]
    if suite == "stable":
        return options
    (folder / "status").touch()
    (folder / "suite.sources").write_text(
        f"Types: deb\nURIs: {_mirror()}\nSuites: {suite}\nComponents: main\n"
        f"Signed-By: {ARCHIVE_KEYRING}\n"
    )
    return [
        f"-oDir::Etc::sourcelist={folder}/suite.sources",
        f"-oDir::Etc::sourceparts={folder}/empty",
        f"-oDir::State::status={folder}/status",
        *options,
    ]


def _with_what_they_need(names: Sequence[str], options: Sequence[str]) -> list[str]:
    """The packages and those that this machine lacks for them, which differ between releases."""
    result = subprocess.run(
        ["apt-get", *options, "install", "--print-uris", "-qq", "--no-install-recommends", *names],
        capture_output=True,
        text=True,
        check=False,
    )
    needed = re.findall(r"^'[^']+' ([^_ ]+)_", result.stdout, re.MULTILINE)
    return sorted({*names, *needed})


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
