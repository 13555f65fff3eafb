"""The heartbeat of a public bulletin-board client, as its published source sends it.

A wrapper ``Id, Time`` (seconds since 1970), ``Sender, Message``; in the message, an object or JSON
in a text, ``Sn`` names the device, ``Ver`` its program, ``Scf`` the file that plays, ``Stlk`` the
stream that it relays, ``Vl1`` its volume.  No command format is known, so nothing is sent to such
a device. It has neither start counter nor sequence: a heartbeat is told from another by its second
and by a checksum of its content, so that one that is delivered twice is kept once.
"""

from __future__ import annotations

import json
import zlib
from datetime import datetime
from typing import Any

from ..contract import DeviceState, Refused, Sample
from .mapping import Place, RecordMapping, code_of, translate

LONGEST = 16_384
_MAPPING = RecordMapping(
    code="Sn",
    fields={
        "time": Place("Time", format="seconds"),
        "firmware": Place("Ver"),
        "volume": Place("Vl1"),
        "title": Place("Playing"),
        "playing": Place("OnAir"),
    },
)


def read_heartbeat(
    payload: bytes, received: datetime, loudest: float = 100
) -> tuple[str, DeviceState, Sample]:
    """The device's own name and what its heartbeat says.

    :param loudest: the volume that means 100 %
    :raises Refused: ``malformed``, ``oversized`` or ``unnamed``

    >>> beat = b'{"Time":1790000000,"Message":{"Sn":"A1","Vl1":40,"Scf":"tin.mp3"}}'
    >>> code, state, sample = read_heartbeat(beat, datetime(2026, 9, 21, 14, 14))
    >>> code, state.play, sample.vol, sample.on_air
    ('A1', 'tin.mp3', 40, True)
    """
    if len(payload) > LONGEST:
        raise Refused("oversized")
    message, time = _unwrapped(payload)
    playing = message.get("Scf") or message.get("Stlk") or None
    record = {
        "Sn": message.get("Sn"),
        "Time": time,
        "Ver": message.get("Ver"),
        "Vl1": _scaled(message.get("Vl1"), loudest),
        "Playing": playing,
        "OnAir": bool(playing),
    }
    code = code_of(record, _MAPPING)
    if code is None:
        raise Refused("unnamed")
    state, sample = translate(record, _MAPPING, received, zlib.crc32(payload) & 0x7FFFFFFE)
    return code, state, sample


def _unwrapped(payload: bytes) -> tuple[dict[str, Any], Any]:
    try:
        wrapper = json.loads(payload)
        message = wrapper["Message"]
        message = json.loads(message) if isinstance(message, str) else message
        time = wrapper.get("Time")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Refused("malformed") from None
    if not isinstance(message, dict):
        raise Refused("malformed")
    return message, time


def _scaled(volume: Any, loudest: float) -> float | None:
    if isinstance(volume, bool) or not isinstance(volume, int | float):
        return None
    return min(100, max(0, volume * 100 / loudest))
