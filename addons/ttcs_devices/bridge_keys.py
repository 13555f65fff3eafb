"""What the bridge tells of its keys: a file beside its secrets that everybody may read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from ttcs_wire.keys import PUBLIC_FILE
from ttcs_wire.sealing import seal
from ttcs_wire.signing import from_text


@dataclass(frozen=True)
class BridgePublic:
    """The public halves of the bridge's keys.

    :param signing: for the devices, base64url by name
    :param sealing: for passwords on their way to the broker, 32 bytes
    """

    signing: dict[str, str]
    sealing: bytes

    @classmethod
    def from_folder(cls, folder: str | None) -> BridgePublic | None:
        """Those of a folder; None while no bridge has made any there.

        >>> BridgePublic.from_folder(None), BridgePublic.from_folder("/nowhere")
        (None, None)
        """
        path = Path(folder) / PUBLIC_FILE if folder else None
        if path is None or not path.is_file():
            return None
        told = json.loads(path.read_text())
        return cls(told["keys"], from_text(told["sealing"]))

    def sealed(self, password: str, device: str) -> bytes:
        """A device's password that the bridge alone can read."""
        return seal(password, device, self.sealing)
