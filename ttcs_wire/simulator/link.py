"""The connection of one simulated device: MQTT 5, persistent session, random delay to return."""

from __future__ import annotations

import asyncio
import contextlib
import random

import gmqtt

from ..contract import down, up
from .device import Outgoing, SimulatedDevice

KEEP_ALIVE = 60
SESSION_SECONDS = 86_400
NEVER = -2  # one less than gmqtt's word for "without end"


class Link:
    """Connects a device, keeps it connected, and carries its messages.

    :param back_off: longest delay in seconds before a lost connection is made anew; the delay is
        random, so that a province does not come back in one second after a power cut
    """

    def __init__(
        self,
        device: SimulatedDevice,
        host: str,
        port: int,
        password: str,
        *,
        back_off: float = 5.0,
        keep_alive: int = KEEP_ALIVE,
    ) -> None:
        self.device = device
        self.address = (host, port)
        self.password = password
        self.back_off = back_off
        self.keep_alive = keep_alive
        self.online = asyncio.Event()
        self._client: gmqtt.Client | None = None
        self._tasks: set[asyncio.Task] = set()

    async def run(self) -> None:
        """Stay connected until cancelled."""
        try:
            while True:
                lost = asyncio.Event()
                try:
                    await self._connect(lost)
                    await lost.wait()
                except (OSError, gmqtt.MQTTConnectError, TimeoutError):
                    pass
                self.online.clear()
                await asyncio.sleep(random.uniform(0, self.back_off))
        finally:
            if self._client is not None and self.online.is_set():
                self.send([self.device.leaving()])
                with contextlib.suppress(OSError, gmqtt.MQTTConnectError):
                    await self._client.disconnect()

    def drop(self) -> None:
        """Cut the connection as a power cut does: without a word to the broker."""
        transport = self._client._connection._transport if self._client else None
        if transport is not None:
            transport.abort()

    def send(self, outgoing: Outgoing) -> None:
        """Publish, if connected; what is lost here is held by the device."""
        if not self.online.is_set():
            return
        for kind, payload in outgoing:
            self._client.publish(
                up(self.device.code, kind), payload, qos=1, retain=kind == "state"
            )

    async def _connect(self, lost: asyncio.Event) -> None:
        device = self.device
        client = gmqtt.Client(
            device.code,
            clean_session=False,
            will_message=gmqtt.Message(
                up(device.code, "state"), device.will(), qos=1, retain=True
            ),
            session_expiry_interval=SESSION_SECONDS,
        )
        # The loop above comes back by itself, later and later; the library's way would race it.
        client.set_config({"reconnect_retries": NEVER})
        client.set_auth_credentials(device.code, self.password)
        client.on_disconnect = lambda *_: lost.set()
        client.on_message = self._received
        self._client = client
        await client.connect(*self.address, keepalive=self.keep_alive)
        client.subscribe(f"ttcs/v1/{device.code}/down/#", qos=1)
        self.online.set()
        self.send(device.connected())

    def _received(self, _client, topic: str, payload: bytes, _qos, _properties) -> int:
        kind = topic.rsplit("/", 1)[1]
        if topic == down(self.device.code, kind):
            answers = self.device.receive(kind, payload)
            if self.device.faults.slow:
                task = asyncio.ensure_future(self._send_late(answers))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
            else:
                self.send(answers)
        return 0

    async def _send_late(self, answers: Outgoing) -> None:
        await asyncio.sleep(self.device.faults.slow)
        self.send(answers)
