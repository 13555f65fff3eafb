"""``python -m ttcs_wire.broker FOLDER PORT``: write the settings and become mosquitto.

The bridge's password comes from ``TTCS_BROKER_PASSWORD``; it is needed at the first start only.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from .mosquitto import Broker


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m ttcs_wire.broker", description=__doc__)
    parser.add_argument("folder", type=Path, help="settings, accounts and stored messages")
    parser.add_argument("port", type=int)
    parser.add_argument("--root", type=Path, help="where mosquitto was unpacked")
    parser.add_argument("--interface", default="127.0.0.1")
    parser.add_argument("--certificate", type=Path, help="for TLS, with --private-key")
    parser.add_argument("--private-key", type=Path)
    options = parser.parse_args(arguments)
    broker = Broker(**vars(options))
    try:
        broker.write(os.environ.get("TTCS_BROKER_PASSWORD", ""))
        command = broker.command()
        os.execvpe(command[0], command, broker.environment())
    except (OSError, ValueError) as error:
        sys.exit(f"The broker cannot start: {error}")


if __name__ == "__main__":
    main()
