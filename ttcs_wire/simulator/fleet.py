"""Many devices in one process."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from .device import SimulatedDevice
from .faults import Faults
from .link import KEEP_ALIVE, Link


@dataclass(frozen=True)
class Account:
    """What enrolment told a device, and what the simulation lets it do wrong."""

    code: str
    password: str
    keys: dict[str, str]
    faults: dict = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> list[Account]:
        """Accounts from a file with one JSON object a line."""
        return [cls(**json.loads(line)) for line in path.read_text().splitlines() if line.strip()]


def milliseconds() -> int:
    """This machine's clock, as the wire counts it."""
    return time.time_ns() // 1_000_000


class Fleet:
    """Devices that live together; ``links`` by device code.

    :param interval: seconds between two samples of a device
    :param keep_alive: seconds; a lost network is noticed within about twice that
    """

    def __init__(
        self,
        accounts: Iterable[Account],
        host: str,
        port: int,
        *,
        interval: float = 60.0,
        back_off: float = 5.0,
        keep_alive: int = KEEP_ALIVE,
        boot: int = 1,
    ) -> None:
        self.interval = interval
        self.links = {
            account.code: Link(
                SimulatedDevice(
                    account.code,
                    account.keys,
                    milliseconds,
                    boot=boot,
                    faults=Faults(**account.faults),
                ),
                host,
                port,
                account.password,
                back_off=back_off,
                keep_alive=keep_alive,
            )
            for account in accounts
        }

    async def run(self) -> None:
        """Connect all and let them measure until cancelled."""
        tasks = [asyncio.ensure_future(link.run()) for link in self.links.values()]
        tasks += [asyncio.ensure_future(self._measure(link)) for link in self.links.values()]
        tasks.append(asyncio.ensure_future(self._pass_time()))
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def until_online(self, seconds: float) -> int:
        """Wait until every device is connected, at most so long; gives how many are."""
        until = asyncio.get_running_loop().time() + seconds
        while asyncio.get_running_loop().time() < until:
            if all(link.online.is_set() for link in self.links.values()):
                break
            await asyncio.sleep(0.05)
        return sum(link.online.is_set() for link in self.links.values())

    async def _measure(self, link: Link) -> None:
        # Spread over the interval, as devices that were switched on at any time are.
        await asyncio.sleep(random.uniform(0, self.interval))
        while True:
            link.send(link.device.measure())
            link.send(link.device.send_again())
            await asyncio.sleep(self.interval)

    async def _pass_time(self) -> None:
        while True:
            await asyncio.sleep(1)
            for link in self.links.values():
                link.send(link.device.pass_time())
