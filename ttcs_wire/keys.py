"""The bridge's keys: a file that only the bridge reads, and what is told to others.

``python -m ttcs_wire.keys FOLDER make|rotate|forget NAME|show``

``bridge-keys.json`` holds private keys (mode 0600) and never leaves the bridge's machine;
``bridge-public.json`` holds what Odoo hands to devices at enrolment.  The oldest key signs.  A
rotation makes a new one, which ``down/cfg`` tells to every device, signed with the old; once they
all hold it, the old key is forgotten and the new one signs.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from .signing import Signer, from_text, to_text

PRIVATE_FILE = "bridge-keys.json"
PUBLIC_FILE = "bridge-public.json"


@dataclass
class BridgeKeys:
    """Signing keys by name, oldest first, and the key for sealed passwords.

    :param generation: grows with every change of the signing keys, so that a device knows the
        newer of two configurations
    """

    signing: dict[str, Ed25519PrivateKey]
    sealing: X25519PrivateKey
    generation: int = 1

    @classmethod
    def make(cls) -> BridgeKeys:
        return cls({"k1": Ed25519PrivateKey.generate()}, X25519PrivateKey.generate())

    @property
    def current(self) -> str:
        """The key that signs: the oldest, which every device holds."""
        return next(iter(self.signing))

    def signer(self) -> Signer:
        return Signer(self.current, self.signing[self.current])

    def rotate(self) -> str:
        """Make a new signing key to be told to the devices; gives its name."""
        self.generation += 1
        # Never the name of a key that was forgotten.
        name = f"k{self.generation}"
        self.signing[name] = Ed25519PrivateKey.generate()
        return name

    def forget(self, name: str) -> None:
        """Stop using and telling a key.

        :raises ValueError: for the only key and for one that is not there
        """
        if name not in self.signing:
            raise ValueError(f"There is no key {name}; there are {', '.join(self.signing)}.")
        if len(self.signing) == 1:
            raise ValueError(f"{name} is the only key: rotate first, and let the devices take it.")
        self.generation += 1
        del self.signing[name]

    def told(self) -> dict:
        """What others may know: public keys in base64url."""
        return {
            "current": self.current,
            "keys": {
                name: to_text(key.public_key().public_bytes_raw())
                for name, key in self.signing.items()
            },
            "sealing": to_text(self.sealing.public_key().public_bytes_raw()),
        }

    @classmethod
    def load(cls, folder: Path) -> BridgeKeys:
        """Read the keys of a folder.

        :raises FileNotFoundError: when none were made there
        """
        kept = json.loads((folder / PRIVATE_FILE).read_text())
        return cls(
            {
                name: Ed25519PrivateKey.from_private_bytes(from_text(text))
                for name, text in kept["signing"].items()
            },
            X25519PrivateKey.from_private_bytes(from_text(kept["sealing"])),
            kept["generation"],
        )

    def save(self, folder: Path) -> None:
        """Write both files, each whole or not at all."""
        kept = {
            "signing": {
                name: to_text(key.private_bytes_raw()) for name, key in self.signing.items()
            },
            "sealing": to_text(self.sealing.private_bytes_raw()),
            "generation": self.generation,
        }
        _replace(folder / PRIVATE_FILE, json.dumps(kept, indent=1), 0o600)
        _replace(folder / PUBLIC_FILE, json.dumps(self.told(), indent=1), 0o644)


def load_or_make(folder: Path) -> BridgeKeys:
    """The keys of a folder, made at the first call."""
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        if not (folder / PRIVATE_FILE).exists():
            BridgeKeys.make().save(folder)
        return BridgeKeys.load(folder)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m ttcs_wire.keys", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("act", choices=("make", "rotate", "forget", "show"))
    parser.add_argument("name", nargs="?", help="the key to forget")
    options = parser.parse_args(arguments)
    keys = load_or_make(options.folder) if options.act == "make" else None
    try:
        with _alone(options.folder):
            keys = keys or BridgeKeys.load(options.folder)
            if options.act == "rotate":
                keys.rotate()
            elif options.act == "forget":
                keys.forget(options.name or "")
            if options.act in ("rotate", "forget"):
                keys.save(options.folder)
    except FileNotFoundError:
        print(f"{options.folder} holds no keys: make them first.", file=sys.stderr)
        return 1
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(keys.told(), indent=1))
    return 0


def _replace(path: Path, text: str, mode: int) -> None:
    temporary = path.with_suffix(".new")
    temporary.touch(mode=mode)
    temporary.chmod(mode)
    with temporary.open("w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time changes a folder's keys."""
    if not folder.is_dir():
        raise FileNotFoundError(folder)
    with (folder / "bridge-keys.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    sys.exit(main())
