"""Devices that speak as fast as the broker acknowledges, over bare sockets.

A process of its own: ``python bench/_speaker.py PORT FILE SAMPLES``, the file with one JSON object
``{"code", "password"}`` a line.  It connects, says ``ready``, waits for a line on its standard
input, sends so many samples from each device and ends when all are acknowledged.  Packets are made
ahead: a client library would be the slowest part of what is measured.
"""

from __future__ import annotations

import asyncio
import json
import struct
import sys
import time
from pathlib import Path

# Unacknowledged messages of a device, at most.
WINDOW = 100


class Speaker:
    """One device: connected, with its packets ready."""

    def __init__(self, code: str, password: str, samples: int) -> None:
        self.code = code
        self.password = password
        topic = f"ttcs/v1/{code}/up/tele".encode()
        now = time.time_ns() // 1_000_000
        self.packets = [
            publish_packet(topic, number, sample(number, now - 1_000 * (samples - number)))
            for number in range(1, samples + 1)
        ]

    async def connect(self, port: int) -> None:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", port)
        self.writer.write(connect_packet(self.code, self.password))
        head = await self.reader.readexactly(2)
        answer = await self.reader.readexactly(head[1])
        if answer[1]:
            raise ConnectionError(f"The broker refuses {self.code}: {answer[1]}")

    async def speak(self) -> None:
        """Send all, a window ahead of what is acknowledged."""
        sent = answered = 0
        rest = b""
        while answered < len(self.packets):
            ahead = min(len(self.packets), answered + WINDOW)
            if ahead > sent:
                self.writer.write(b"".join(self.packets[sent:ahead]))
                sent = ahead
            rest += await self.reader.read(65_536)
            while len(rest) >= 2 and len(rest) >= 2 + rest[1]:
                answered += rest[0] == 0x40
                rest = rest[2 + rest[1] :]
        self.writer.close()


def sample(number: int, moment: int) -> bytes:
    """A sample as the wire's protocol describes it, 93 bytes or so."""
    measured = {"vol": 50, "temp": 35.5, "bat": 12.6, "rssi": -70}
    body = {"boot": 1, "seq": number, "ts": moment, **measured}
    return json.dumps(body, separators=(",", ":")).encode()


def connect_packet(code: str, password: str) -> bytes:
    """MQTT 5 CONNECT with a clean start, without properties."""
    fields = b"".join(text(part) for part in (code, code, password))
    body = text("MQTT") + bytes([5, 0b1100_0010]) + struct.pack(">H", 60) + b"\0" + fields
    return b"\x10" + length(len(body)) + body


def publish_packet(topic: bytes, number: int, payload: bytes) -> bytes:
    """MQTT 5 PUBLISH at QoS 1, without properties."""
    body = struct.pack(">H", len(topic)) + topic + struct.pack(">H", number) + b"\0" + payload
    return b"\x32" + length(len(body)) + body


def text(content: str) -> bytes:
    data = content.encode()
    return struct.pack(">H", len(data)) + data


def length(size: int) -> bytes:
    """The variable-length number of MQTT.

    >>> length(127), length(128)
    (b'\\x7f', b'\\x80\\x01')
    """
    out = bytearray()
    while True:
        size, low = divmod(size, 128)
        out.append(low | (128 if size else 0))
        if not size:
            return bytes(out)


async def main() -> None:
    port, file, samples = int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    accounts = [json.loads(line) for line in file.read_text().splitlines()]
    speakers = [Speaker(one["code"], one["password"], samples) for one in accounts]
    await asyncio.gather(*(speaker.connect(port) for speaker in speakers))
    print("ready", flush=True)
    sys.stdin.readline()
    await asyncio.gather(*(speaker.speak() for speaker in speakers))


if __name__ == "__main__":
    asyncio.run(main())
