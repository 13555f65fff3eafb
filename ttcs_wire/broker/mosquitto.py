"""Mosquitto as this suite runs it, in tests and in production alike.

The settings are those with which an acknowledged message survives a killed bridge or broker: with
mosquitto's defaults 63 % of 60,000 were lost (queue of 1,000 messages, saved every 1,800 s).
Who may speak is kept by the dynamic-security plug-in, which the bridge alone changes at run time:
a device that is shut out loses its connection at once, and no restart is needed.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import pwd
import secrets
from dataclasses import dataclass
from pathlib import Path

BRIDGE_USER = "ttcs-bridge"
BRIDGE_ROLE = "bridge"
# Of the bridge's password, which people may choose; devices have 32 random bytes, for which the
# plug-in's own count is enough: 2,000 that come back at once are to be let in within seconds.
ITERATIONS = 20_000
PLUGIN_ITERATIONS = 101


@dataclass(frozen=True)
class Broker:
    """One broker: its folder, where it listens, and the TLS files in production.

    :param root: folder into which the packages were unpacked; None for an installed mosquitto
    """

    folder: Path
    port: int
    root: Path | None = None
    interface: str = "127.0.0.1"
    certificate: Path | None = None
    private_key: Path | None = None

    def write(self, password: str) -> Path:
        """Write the settings, and at first the plug-in's store; gives the settings' path.

        :param password: the bridge's; written hashed
        :raises ValueError: for an empty password where there are no accounts yet
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "data").mkdir(exist_ok=True)
        security = self.folder / "dynamic-security.json"
        if not security.exists():
            if not password:
                raise ValueError("TTCS_BROKER_PASSWORD is not set.")
            security.touch(mode=0o600)
            security.write_text(json.dumps(first_security(password), indent=1))
        settings = self.folder / "mosquitto.conf"
        settings.write_text(self.settings())
        return settings

    def settings(self) -> str:
        """The settings file, the reason beside each line that differs from the default."""
        lines = [
            f"listener {self.port} {self.interface}",
            "allow_anonymous false",
            "# As whoever starts it: the store is his.",
            f"user {pwd.getpwuid(os.geteuid()).pw_name}",
            "# A message is at most 64 KiB; what is far larger never reaches the bridge.",
            "max_packet_size 69632",
            "# The queue of a bridge that is away is bounded by bytes, not by 1,000 messages.",
            "max_queued_messages 0",
            "max_queued_bytes 2147483648",
            "max_inflight_messages 4000",
            "# Whatever was acknowledged survives a broker that is killed.",
            "persistence true",
            f"persistence_location {self.folder / 'data'}/",
            "autosave_interval 1",
            "# Sessions of devices that never come back go after a month.",
            "persistent_client_expiration 30d",
            f"plugin {self._library('mosquitto_dynamic_security.so')}",
            f"plugin_opt_config_file {self.folder / 'dynamic-security.json'}",
            "log_dest stderr",
            "log_type error",
            "log_type warning",
        ]
        if self.certificate:
            lines[1:1] = [
                f"certfile {self.certificate}",
                f"keyfile {self.private_key}",
                "tls_version tlsv1.2",
            ]
        return "\n".join(lines) + "\n"

    def command(self) -> list[str]:
        """The command line that serves in the foreground."""
        program = self.root / "usr/sbin/mosquitto" if self.root else "mosquitto"
        return [str(program), "-c", str(self.folder / "mosquitto.conf")]

    def environment(self) -> dict[str, str]:
        """The environment of the process: an unpacked program needs its own libraries."""
        if self.root is None:
            return dict(os.environ)
        folders = [str(path) for path in self.root.glob("usr/lib/*-linux-gnu*")]
        folders += [str(path) for path in self.root.glob("lib/*-linux-gnu*")]
        return {**os.environ, "LD_LIBRARY_PATH": ":".join(folders)}

    def _library(self, name: str) -> Path:
        root = self.root or Path("/")
        found = sorted(root.glob(f"usr/lib/*-linux-gnu*/{name}"))
        if not found:
            raise FileNotFoundError(f"{name}: mosquitto is not installed under {root}")
        return found[0]


def first_security(password: str) -> dict:
    """The plug-in's store before the first device: the bridge alone, everything else denied."""
    return {
        "defaultACLAccess": {
            "publishClientSend": False,
            "publishClientReceive": True,
            "subscribe": False,
            "unsubscribe": True,
        },
        "clients": [
            {
                "username": BRIDGE_USER,
                "roles": [{"rolename": BRIDGE_ROLE}, {"rolename": "security"}],
                **hashed(password),
            }
        ],
        "roles": [
            {
                "rolename": BRIDGE_ROLE,
                "acls": [
                    _allow("publishClientSend", "ttcs/v1/+/down/#"),
                    _allow("subscribePattern", "ttcs/v1/+/up/#"),
                    _allow("subscribePattern", "$share/bridge/ttcs/v1/+/up/#"),
                ],
            },
            {
                "rolename": "security",
                "acls": [
                    _allow("publishClientSend", "$CONTROL/dynamic-security/#"),
                    _allow("publishClientReceive", "$CONTROL/dynamic-security/#"),
                    _allow("subscribePattern", "$CONTROL/dynamic-security/#"),
                ],
            },
        ],
        "groups": [],
    }


def device_commands(device: str, act: str, password: str | None = None) -> list[dict]:
    """What to ask of the plug-in for a device.

    :param act: ``set`` (make it or change its password), ``shut_out``, ``let_in``, ``remove``

    Each device has a role of its own: mosquitto 2.0 does not put the user name into a pattern.
    """
    role = f"device-{device}"
    if act == "shut_out":
        return [{"command": "disableClient", "username": device}]
    if act == "let_in":
        return [{"command": "enableClient", "username": device}]
    if act == "remove":
        return [
            {"command": "deleteClient", "username": device},
            {"command": "deleteRole", "rolename": role},
        ]
    acls = [
        _allow("publishClientSend", f"ttcs/v1/{device}/up/#"),
        _allow("subscribePattern", f"ttcs/v1/{device}/down/#"),
    ]
    return [
        {"command": "deleteClient", "username": device},
        {"command": "deleteRole", "rolename": role},
        {"command": "createRole", "rolename": role, "acls": acls},
        {
            "command": "createClient",
            "username": device,
            "clientid": device,
            "password": password,
            "roles": [{"rolename": role}],
        },
    ]


def hashed(password: str, salt: bytes | None = None, iterations: int = ITERATIONS) -> dict:
    """A password as the plug-in keeps it: PBKDF2-HMAC-SHA512."""
    salt = salt or secrets.token_bytes(12)
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, iterations)
    return {
        "password": base64.b64encode(digest).decode(),
        "salt": base64.b64encode(salt).decode(),
        "iterations": iterations,
    }


def _allow(kind: str, topic: str) -> dict:
    return {"acltype": kind, "topic": topic, "priority": 0, "allow": True}
