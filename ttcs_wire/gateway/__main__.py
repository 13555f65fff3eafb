"""``python -m ttcs_wire.gateway``: settings from the environment, until told to stop.

=====================  ======================================================
TTCS_BRIDGE_DSN        the database, as the role ``ttcs_bridge``
TTCS_BRIDGE_KEYS       the folder of the keys (``python -m ttcs_wire.keys``)
TTCS_GATEWAY_LISTEN    where it listens for HTTP, ``127.0.0.1:8075``; a proxy adds TLS
TTCS_GATEWAY_FOLDER    under which vendors leave files; without it none are taken
=====================  ======================================================
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from pathlib import Path

from ..keys import load_or_make
from .push import PushServer
from .supervisor import Supervisor

REQUIRED = ("TTCS_BRIDGE_DSN", "TTCS_BRIDGE_KEYS")


def main() -> int:
    missing = [name for name in REQUIRED if not os.environ.get(name)]
    if missing:
        print(f"Not set: {', '.join(missing)}.\n{__doc__}", file=sys.stderr)
        return 2
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level="INFO")
    host, _, port = os.environ.get("TTCS_GATEWAY_LISTEN", "127.0.0.1:8075").rpartition(":")
    if not host or not port.isdecimal():
        print("TTCS_GATEWAY_LISTEN reads host:port.", file=sys.stderr)
        return 2
    keys = load_or_make(Path(os.environ["TTCS_BRIDGE_KEYS"]))
    folder = os.environ.get("TTCS_GATEWAY_FOLDER")
    server = PushServer((host, int(port)), keys)
    supervisor = Supervisor(
        os.environ["TTCS_BRIDGE_DSN"], keys, server, Path(folder) if folder else None
    )
    signal.signal(signal.SIGTERM, lambda *_: supervisor.stop())
    signal.signal(signal.SIGINT, lambda *_: supervisor.stop())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    supervisor.run()
    server.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
