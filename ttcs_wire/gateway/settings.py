"""What a connection is: its settings as the books write them, checked, and what it can carry."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from ..contract import Refused
from ..contract.commands import OPERATIONS
from .mapping import RecordMapping

KINDS = ("push", "poll", "file", "heartbeat")
Seconds = Annotated[float, Meta(ge=1, le=86_400)]
Url = Annotated[str, Meta(pattern=r"^https?://[^\s]+$", max_length=500)]
Header = Annotated[str, Meta(pattern=r"^[A-Za-z0-9-]{1,64}$")]
# What a vendor's console can be asked so that a later answer of it shows whether it was done.
ASKED = ("volume", "stop")


class Request(Struct, frozen=True, forbid_unknown_fields=True):
    """A request to a vendor's console; ``{code}`` and ``{level}`` stand for device and volume.

    :param scale: what our volume in % is multiplied by
    """

    path: Annotated[str, Meta(pattern=r"^/[^\s]*$", max_length=300)]
    method: Literal["POST", "PUT", "PATCH"] = "POST"
    body: dict[str, Any] = {}
    scale: float = 1.0


class PushSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """A party that sends us our own messages by HTTP."""

    interval: Seconds = 60


class PollSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """A vendor's console that is asked for all its devices each ``interval`` seconds.

    :param header: in which the secret goes, after ``prefix``
    :param orders: what may be asked of it, by operation
    """

    url: Url
    mapping: RecordMapping
    interval: Seconds = 60
    header: Header = "Authorization"
    prefix: Annotated[str, Meta(max_length=20)] = "Bearer "
    orders: dict[Literal[ASKED], Request] = {}


class FileSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Files that a vendor leaves in a folder below the gateway's own.

    :param format: ``csv`` and ``jsonl`` are read by the mapping; ``contract`` holds a line
        ``{"dev", "kind", "body"}`` for each message of the contract
    """

    folder: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    format: Literal["csv", "jsonl", "contract"] = "csv"
    mapping: RecordMapping | None = None
    interval: Seconds = 3600


class HeartbeatSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Heartbeats on a topic of a vendor's broker."""

    url: Annotated[str, Meta(pattern=r"^mqtts?://[^\s@/]+$", max_length=300)]
    topic: Annotated[str, Meta(pattern=r"^[^\x00$]{1,200}$")]
    user: Annotated[str, Meta(max_length=100)] = ""
    loudest: Annotated[float, Meta(gt=0, le=1000)] = 100
    interval: Seconds = 60


Settings = PushSettings | PollSettings | FileSettings | HeartbeatSettings
_TYPES: dict[str, type] = {
    "push": PushSettings,
    "poll": PollSettings,
    "file": FileSettings,
    "heartbeat": HeartbeatSettings,
}


def read_settings(kind: str, settings: Any) -> Settings:
    """The settings of a connection, checked.

    :raises Refused: its ``reason`` says what is wrong, for the person who wrote them

    >>> read_settings("file", {"folder": "vendor", "format": "contract"}).folder
    'vendor'
    >>> try:
    ...     read_settings("file", {"folder": "../etc"})
    ... except Refused as refusal:
    ...     print(refusal.reason[-13:])
    at `$.folder`
    """
    if kind not in _TYPES:
        raise Refused(f"no such kind: {kind}")
    try:
        found = msgspec.convert(settings, _TYPES[kind])
    except msgspec.ValidationError as error:
        raise Refused(str(error)) from None
    if isinstance(found, FileSettings) and found.format != "contract":
        # What is read twice is told by its time: without one it would be doubled.
        if found.mapping is None or "time" not in found.mapping.fields:
            raise Refused("Object missing required field `mapping.fields.time`")
    return found


def capabilities(kind: str, settings: Any) -> frozenset[str]:
    """The operations that devices of a connection can be asked.

    >>> sorted(capabilities("heartbeat", {"url": "mqtt://b", "topic": "t"}))
    []
    >>> "play" in capabilities("push", {})
    True
    """
    if kind == "push":
        return frozenset(OPERATIONS)
    if kind == "poll":
        return frozenset(read_settings(kind, settings).orders)
    return frozenset()
