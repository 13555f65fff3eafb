"""Where an instance keeps its things, and which port it answers on."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .announce import Refusal

REPOSITORY = Path(__file__).resolve().parents[2]
DEFAULT_PORT = 8069
MQTT_PORT = 1883


@dataclass(frozen=True)
class Locations:
    """Folders and port of one instance.

    ``repository`` is the clone; ``state`` holds the database, file store, settings and
    log of this instance; ``cache`` holds downloads only and may be shared by clones.
    """

    repository: Path
    state: Path
    cache: Path
    port: int

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Locations:
        """Read ``TTCS_STATE_DIR``, ``TTCS_CACHE_DIR`` and ``TTCS_PORT``."""
        state = Path(environ.get("TTCS_STATE_DIR") or REPOSITORY / ".run")
        user_cache = Path(environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        cache = Path(environ.get("TTCS_CACHE_DIR") or user_cache / "ttcs")
        text = environ.get("TTCS_PORT") or str(DEFAULT_PORT)
        if not text.isdigit() or not 1024 <= int(text) <= 65535:
            raise Refusal(f"TTCS_PORT={text} is not a port; choose a number from 1024 to 65535.")
        return cls(REPOSITORY, state.resolve(), cache.resolve(), int(text))

    @property
    def environment(self) -> Path:
        """The virtual environment, shared by all instances of this clone."""
        return self.repository / ".venv"

    @property
    def python(self) -> Path:
        return self.environment / "bin" / "python"

    @property
    def odoo(self) -> Path:
        """The unpacked Odoo of this clone (not used when ``ODOO_HOME`` is given)."""
        return self.repository / ".odoo"

    @property
    def broker(self) -> Path:
        """The unpacked broker of this clone (not used where mosquitto is installed)."""
        return self.repository / ".broker"

    @property
    def wire(self) -> Path:
        """What belongs to broker and bridge of this instance: settings, keys, stored messages."""
        return self.state / "wire"

    @property
    def mqtt_port(self) -> int:
        """1883 for the instance at the usual port, else beside Odoo's two."""
        return MQTT_PORT if self.port == DEFAULT_PORT else self.port + 2

    @property
    def interface(self) -> str:
        """Where Odoo, broker and gateway listen: this machine alone, unless told otherwise."""
        return os.environ.get("TTCS_HTTP_INTERFACE", "127.0.0.1")

    @property
    def gateway_port(self) -> int:
        """Beside Odoo's two and the broker's."""
        return self.port + 3

    @property
    def addons(self) -> Path:
        return self.repository / "addons"

    @property
    def settings(self) -> Path:
        return self.state / "odoo.conf"

    @property
    def instance_file(self) -> Path:
        return self.state / "instance.env"

    @property
    def log(self) -> Path:
        return self.state / "odoo.log"

    @property
    def label(self) -> str:
        """A short name for this state folder, stable over runs."""
        return hashlib.sha256(str(self.state).encode()).hexdigest()[:10]

    def prepare(self) -> None:
        """Make the state and cache folders; the state holds secrets, so only for its owner."""
        for folder in (self.state, self.cache):
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise Refusal(f"Cannot make the folder {folder}: {error.strerror}.") from None
        self.state.chmod(0o711)
