"""From a vendor's words to those of the contract, by a table that is data.

A mapping names, for each thing that the contract knows, where it stands in the vendor's record and
how it is counted there.  It can pick, scale and translate, and nothing else: no expression, no
code.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from ..contract import FAULT_CODES, DeviceState, Refused, Sample
from ..contract.instants import to_milliseconds

Target = Literal[
    "time",
    "online",
    "playing",
    "title",
    "firmware",
    "volume",
    "temperature",
    "battery",
    "mains",
    "power",
    "signal",
    "runtime",
    "faults",
]
Path = Annotated[str, Meta(min_length=1, max_length=200)]
_NUMBERS = {
    "volume": "vol",
    "temperature": "temp",
    "battery": "bat",
    "mains": "mains",
    "power": "amp",
    "signal": "rssi",
    "runtime": "run",
}
_WHOLE = ("vol", "rssi", "run")
_YES = ("1", "true", "yes", "on", "online", "playing", "active", "connected", "có", "đang phát")
_NO = ("0", "false", "no", "off", "offline", "stopped", "inactive", "disconnected", "không", "")
DEEPEST = 12


class Place(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a value stands, and how it is counted there.

    :param path: names joined by dots: ``status.volume``; a column's heading in a file
    :param scale: what the value is multiplied by: a volume of 1–15 has 6.67
    :param values: what the vendor's words mean, in words of the contract
    :param format: of a time: ``iso``, ``seconds``, ``milliseconds`` or one of ``strptime``
    """

    path: Path
    scale: float | None = None
    values: dict[str, str] | None = None
    format: Annotated[str, Meta(max_length=40)] = "iso"


class RecordMapping(Struct, frozen=True, forbid_unknown_fields=True):
    """How a vendor's record is read.

    :param code: where the device's name at the vendor stands
    :param items: where the list of records stands in an answer; empty: it is the answer
    """

    code: Path
    fields: dict[Target, Place]
    items: Annotated[str, Meta(max_length=200)] = ""


def pick(record: Any, path: str) -> Any:
    """The value at a path; None where there is none.

    >>> pick({"a": {"b": [5, 6]}}, "a.b.1"), pick({"a.b": 1}, "a.b"), pick({}, "a")
    (6, 1, None)
    """
    if isinstance(record, Mapping) and path in record:
        return record[path]
    found = record
    for name in path.split(".")[:DEEPEST]:
        if isinstance(found, Mapping):
            found = found.get(name)
        elif isinstance(found, list) and name.isdecimal() and int(name) < len(found):
            found = found[int(name)]
        else:
            return None
    return found


def code_of(record: Any, mapping: RecordMapping) -> str | None:
    """The device's name at the vendor, None where the record has none.

    >>> code_of({"id": 7}, RecordMapping(code="id", fields={}))
    '7'
    """
    found = pick(record, mapping.code)
    if isinstance(found, bool) or not isinstance(found, str | int) or found == "":
        return None
    return str(found).strip()[:64] or None


def translate(
    record: Any, mapping: RecordMapping, received: datetime, seq: int
) -> tuple[DeviceState | None, Sample]:
    """What a record says, in messages of the contract.

    :param received: UTC without zone; the time of a record that tells none
    :param seq: what tells two records of one moment apart
    :raises Refused: ``malformed`` when a value cannot be what it is said to be
    """
    told = {target: _value(record, place) for target, place in mapping.fields.items()}
    moment = _moment(told.pop("time", None), mapping.fields.get("time"), received)
    members = {
        _NUMBERS[target]: _number(value, _NUMBERS[target])
        for target, value in told.items()
        if target in _NUMBERS and value is not None
    }
    if told.get("playing") is not None:
        members["on_air"] = _truth(told["playing"])
    if told.get("faults") is not None:
        members["flt"] = _faults(told["faults"])
    sample = _checked({"boot": 1, "seq": seq, "ts": moment, **members}, Sample)
    online = True if told.get("online") is None else _truth(told["online"])
    state = {"on": online, "boot": 1, "link": moment // 1000, "ts": moment}
    if online:
        state |= {"seq": 1, "fw": _text(told.get("firmware")), "play": _text(told.get("title"))}
    state = {name: value for name, value in state.items() if value is not None}
    return _checked(state, DeviceState), sample


def _value(record: Any, place: Place) -> Any:
    found = pick(record, place.path)
    if place.values is not None and found is not None:
        if isinstance(found, list):
            return [place.values.get(_word(one), one) for one in found]
        found = place.values.get(_word(found), found)
    if place.scale is not None and found is not None and found != "":
        return _number(found, "") * place.scale
    return found


def _word(value: Any) -> str:
    """The key of a value in a table: JSON's true is ``true``."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _number(value: Any, member: str) -> float | int:
    try:
        if isinstance(value, bool):
            raise ValueError
        number = float(str(value).strip().replace(",", "."))
    except ValueError:
        raise Refused("malformed") from None
    if not math.isfinite(number):
        raise Refused("malformed")
    return round(number) if member in _WHOLE else number


def _truth(value: Any) -> bool:
    word = str(value).strip().lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Refused("malformed")


def _faults(value: Any) -> list[str]:
    words = value if isinstance(value, list) else str(value).replace(";", ",").split(",")
    found = {str(word).strip() for word in words} - {"", "0", "None", "none"}
    if found - set(FAULT_CODES):
        raise Refused("malformed")
    return sorted(found)


def _text(value: Any) -> str | None:
    text = "" if value is None else str(value).strip()
    return "".join(sign for sign in text if sign >= " ")[:64] or None


def _moment(value: Any, place: Place | None, received: datetime) -> int:
    """Milliseconds since 1970; a time without a zone is UTC."""
    if value is None or value == "" or place is None:
        return to_milliseconds(received)
    try:
        if place.format in ("seconds", "milliseconds"):
            factor = 1000 if place.format == "seconds" else 1
            return round(_number(value, "") * factor)
        text = str(value).strip()
        parsed = (
            datetime.fromisoformat(text)
            if place.format == "iso"
            else datetime.strptime(text, place.format)
        )
        if parsed.tzinfo:
            parsed = parsed.astimezone(UTC).replace(tzinfo=None)
        return to_milliseconds(parsed)
    except (ValueError, OverflowError):
        raise Refused("malformed") from None


def _checked(members: dict[str, Any], kind: type) -> Any:
    try:
        return msgspec.convert(members, kind)
    except msgspec.ValidationError:
        raise Refused("malformed") from None
