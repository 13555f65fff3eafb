"""``python -m ttcs_wire.simulator``: a fleet from a file of accounts."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import signal
import sys
import time
from pathlib import Path

from ..bridge import BrokerAddress
from .fleet import Account, Fleet
from .link import KEEP_ALIVE


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m ttcs_wire.simulator",
        description="Run simulated devices until interrupted.",
    )
    parser.add_argument("broker", help="mqtt://host:port")
    parser.add_argument(
        "accounts",
        type=Path,
        help='a file with a line {"code", "password", "keys", "faults"} each',
    )
    parser.add_argument("--interval", type=float, default=60.0, help="seconds between samples")
    parser.add_argument(
        "--keep-alive", type=int, default=KEEP_ALIVE, help="seconds between two signs of life"
    )
    options = parser.parse_args(arguments)
    # The library tells of each lost connection; to come back is what the links are for.
    logging.getLogger("gmqtt").setLevel(logging.CRITICAL)
    address = BrokerAddress.parse(options.broker)
    # A start of a device has a number that grows: the second of the start serves as one.
    fleet = Fleet(
        Account.read(options.accounts),
        address.host,
        address.port,
        interval=options.interval,
        keep_alive=options.keep_alive,
        boot=int(time.time()),
    )
    with contextlib.suppress(asyncio.CancelledError):
        asyncio.run(_until_stopped(fleet))
    return 0


async def _until_stopped(fleet: Fleet) -> None:
    running = asyncio.ensure_future(fleet.run())
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, running.cancel)
    await running


if __name__ == "__main__":
    sys.exit(main())
