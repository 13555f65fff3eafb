"""``python -m ttcs_wire.bridge``: settings from the environment, until told to stop.

======================  ======================================================
TTCS_MQTT_URL           the broker, ``mqtt://user:password@host:port``
TTCS_BRIDGE_DSN         the database, as the role ``ttcs_bridge``
TTCS_BRIDGE_KEYS        the folder of the keys (``python -m ttcs_wire.keys``)
TTCS_BRIDGE_NAME        a name of its own for each bridge at one broker (ttcs-bridge)
TTCS_BRIDGE_SEEN_EVERY  seconds between two ``down/seen`` to a device (10)
======================  ======================================================
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from pathlib import Path

from ..keys import load_or_make
from . import BrokerAddress, Downward, Upward

REQUIRED = ("TTCS_MQTT_URL", "TTCS_BRIDGE_DSN", "TTCS_BRIDGE_KEYS")


def main() -> int:
    missing = [name for name in REQUIRED if not os.environ.get(name)]
    if missing:
        print(f"Not set: {', '.join(missing)}.\n{__doc__}", file=sys.stderr)
        return 2
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level="INFO")
    try:
        address = BrokerAddress.parse(os.environ["TTCS_MQTT_URL"])
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    keys = load_or_make(Path(os.environ["TTCS_BRIDGE_KEYS"]))
    name = os.environ.get("TTCS_BRIDGE_NAME", "ttcs-bridge")
    seen_every = float(os.environ.get("TTCS_BRIDGE_SEEN_EVERY", "10"))
    upward = Upward(address, os.environ["TTCS_BRIDGE_DSN"], name, seen_every=seen_every)
    downward = Downward(address, os.environ["TTCS_BRIDGE_DSN"], name, keys)

    def stop(*_) -> None:
        upward.stop()
        downward.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    carrier = threading.Thread(target=_until_it_ends, args=[downward.run], daemon=True)
    carrier.start()
    upward.run()
    carrier.join(timeout=10)
    return 0


def _until_it_ends(work) -> None:
    """A defect in one direction ends the process: its keeper starts it anew, nothing is lost."""
    try:
        work()
    except BaseException:
        logging.exception("The way down ended; stopping.")
        os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
