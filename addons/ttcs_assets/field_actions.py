"""What phones send: the wire format of field actions, read strictly and without Odoo.

One request carries a JSON list in the form field ``actions``; each action is::

    {"uuid": "…", "kind": "report_fault", "payload": {…}, "created_at": "2026-03-01T02:03:04Z",
     "files": [{"field": "<uuid>.0", "name": "1.jpg", "type": "image/jpeg"}]}

The phone's clock is never trusted: the moment at which it sends tells how far it is off, and
what remains impossible counts as the moment of receipt.

An add-on brings a kind of its own by entering the fields of its payload in ``KINDS`` and by a
method ``_do_<kind>`` on ``ttcs.field.action``.
"""

from __future__ import annotations

import json
import math
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from odoo.addons.ttcs_base.plausible import FIRST_YEAR, LAST_YEAR
from odoo.addons.ttcs_base.spreadsheet.coordinates import LATITUDES, LONGITUDES

MOST_ACTIONS = 200
LONGEST_REQUEST = 2_000_000
MOST_PHOTOS = 5
# Before, after, and of the lines of a checklist.
MOST_ORDER_PHOTOS = 20
MOST_ANSWERS = 200
MOST_HANDED = 200
MOST_PARTS = 50
MOST_OF_A_PART = 1_000_000
# As many decimals as the database keeps of a quantity.
QUANTITY_DECIMALS = 2
# Nobody works longer than a month on one order without anything being recorded.
MOST_MINUTES = 31 * 24 * 60
MOST_SIGNATURES = 2
SIGNATURE = "signature-"
LONGEST_TEXT = 4_000
LONGEST_NAME = 200
LONGEST_CODE = 2_048
LARGEST_ID = 2**31 - 1
# A fix worse than this says no more than which commune it is.
WORST_ACCURACY = 5_000.0
TOLERATED_SKEW = timedelta(minutes=5)
# Phones lie in drawers: an action may come late, but a date of long ago is a wrong clock.
OLDEST_ACTION = timedelta(days=120)


class RequestError(ValueError):
    """The request as a whole cannot be read; ``reason`` is ``not_actions``, ``too_many``,
    ``too_long``, ``no_uuid`` or ``same_uuid``."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


class ActionError(ValueError):
    """One action cannot be carried out; ``reason`` is a key of the texts in
    ``models/ttcs_field_refusal.py`` and ``values`` are what that text names."""

    def __init__(self, reason: str, **values: Any):
        super().__init__(reason)
        self.reason = reason
        self.values = values


@dataclass(frozen=True)
class Position:
    """Degrees (WGS 84) inside Vietnam, accuracy in metres."""

    latitude: float
    longitude: float
    accuracy: float


@dataclass(frozen=True)
class HandedAsset:
    """An asset of a hand-over: its id and the condition that both sides saw."""

    asset: int
    condition: str | None


@dataclass(frozen=True)
class LineAnswer:
    """The answer to a line of a checklist: its value is a text, a figure, or ``None`` for a
    photo; ``made_at`` is naive UTC by the phone's clock."""

    line: int
    value: str | float | None
    note: str | None
    made_at: datetime | None


@dataclass(frozen=True)
class TakenPhoto:
    """When and where a photo was taken, by the name of its file; times as in ``LineAnswer``."""

    name: str
    made_at: datetime | None
    position: Position | None


@dataclass(frozen=True)
class UsedPart:
    """A part that an order used: one of the catalogue by its id, or ``None``; what the phone
    called it, which may be empty for one of the catalogue; and how much, to two decimals."""

    part: int | None
    name: str
    quantity: float


@dataclass(frozen=True)
class FieldAction:
    """One action, its payload checked: ``payload`` holds every field of its kind.

    ``made_at`` is naive UTC by the phone's clock, ``None`` when it gave none.
    """

    uuid: str
    kind: str
    payload: Mapping[str, Any]
    photo_fields: tuple[str, ...]
    made_at: datetime | None
    # Fields of the files that are signatures, by the side that signed.
    signature_fields: Mapping[str, str] = field(default_factory=dict)
    # The signatures themselves, PNG by side, once the server has cleaned them.
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    # What the files of the photos are called, in the order of their fields, and the photos.
    photo_names: tuple[str, ...] = ()
    photos: tuple[Any, ...] = ()

    def __getitem__(self, name: str) -> Any:
        return self.payload[name]


@dataclass(frozen=True)
class Timing:
    """When something happened, as far as it can be known.

    ``skew``: seconds that the phone's clock is behind the server's, ``None`` when unknown.
    ``is_doubtful``: the clock was off by more than five minutes, or told an impossible time.
    """

    happened_at: datetime
    skew: float | None
    is_doubtful: bool


def read_request(text: str) -> list[dict[str, Any]]:
    """Split a request into its actions, each with a usable uuid in canonical spelling.

    :raises RequestError: when no verdict per action could be given

    >>> read_request('[{"uuid": "0B3A5D6E-1111-4222-8333-444455556666"}]')
    [{'uuid': '0b3a5d6e-1111-4222-8333-444455556666'}]
    """
    if len(text) > LONGEST_REQUEST:
        raise RequestError("too_long")
    try:
        entries = _storable(json.loads(text))
    except (ValueError, RecursionError):
        raise RequestError("not_actions") from None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise RequestError("not_actions")
    if len(entries) > MOST_ACTIONS:
        raise RequestError("too_many")
    entries = [{**entry, "uuid": _uuid(entry.get("uuid"))} for entry in entries]
    if len({entry["uuid"] for entry in entries}) < len(entries):
        raise RequestError("same_uuid")
    return entries


def _storable(value: Any) -> Any:
    """The same JSON without what PostgreSQL cannot store: NUL, half characters, infinities."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode(errors="replace").decode()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {_storable(name): _storable(item) for name, item in value.items()}
    return value


def _uuid(value: Any) -> str:
    try:
        return str(uuid.UUID(value))
    except (ValueError, TypeError, AttributeError):
        raise RequestError("no_uuid") from None


def read_action(entry: Mapping[str, Any]) -> FieldAction:
    """Check one action of :func:`read_request`.

    :raises ActionError: naming the field that is missing or wrong

    >>> read_action({"uuid": "u", "kind": "set_condition",
    ...     "payload": {"asset": 7, "condition": "broken"}}).payload
    {'asset': 7, 'condition': 'broken', 'note': None}
    """
    kind = entry.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise ActionError("unknown_kind", kind=str(kind)[:40])
    payload = entry.get("payload")
    if not isinstance(payload, dict):
        raise ActionError("wrong_field", field="payload")
    files = _files(entry.get("files"))
    return FieldAction(
        entry["uuid"],
        kind,
        {name: _field(name, read, payload.get(name)) for name, read in KINDS[kind].items()},
        _photo_fields(files, MOST_ORDER_PHOTOS if kind == "close_order" else MOST_PHOTOS),
        read_time(entry.get("created_at")),
        _signature_fields(files),
        photo_names=tuple(str(file.get("name"))[:80] for file in _photo_files(files)),
    )


def _field(name: str, read: Callable[[Any], Any], value: Any) -> Any:
    try:
        return read(value)
    except (ValueError, TypeError, AttributeError) as error:
        if isinstance(error, ActionError):
            raise
        raise ActionError("wrong_field", field=name) from None


def _files(files: Any) -> list[dict[str, Any]]:
    if files is None:
        return []
    if not isinstance(files, list) or not all(isinstance(file, dict) for file in files):
        raise ActionError("wrong_field", field="files")
    return files


def _side_of(file: Mapping[str, Any]) -> str | None:
    """Whose signature a file is: the kit calls it ``signature-<side>.png``."""
    name = str(file.get("name"))
    if name.startswith(SIGNATURE) and name.endswith(".png"):
        return name.removeprefix(SIGNATURE).removesuffix(".png")
    return None


def _photo_files(files: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [file for file in files if _side_of(file) is None]


def _photo_fields(files: list[dict[str, Any]], most: int) -> tuple[str, ...]:
    photos = _photo_files(files)
    if len(photos) > most:
        raise ActionError("too_many_photos", most=most)
    return tuple(str(file.get("field")) for file in photos)


def _signature_fields(files: list[dict[str, Any]]) -> dict[str, str]:
    found = {side: str(file.get("field")) for file in files if (side := _side_of(file))}
    if len(found) > MOST_SIGNATURES:
        raise ActionError("wrong_field", field="files")
    return found


def read_time(value: Any) -> datetime | None:
    """Read a moment in ISO 8601 as naive UTC; ``None`` for anything else, and for years that no
    clock shows.

    >>> read_time("2026-03-01T09:00:00.250+07:00")
    datetime.datetime(2026, 3, 1, 2, 0, 0, 250000)
    >>> read_time("2026-03-01T02:00:00Z") == read_time("2026-03-01T02:00:00")
    True
    >>> read_time("yesterday"), read_time(None)
    (None, None)
    """
    if not isinstance(value, str):
        return None
    text = value.strip()
    if text[-1:] in ("Z", "z"):
        text = f"{text[:-1]}+00:00"
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo:
            moment = moment.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None
    return moment if FIRST_YEAR <= moment.year <= LAST_YEAR else None


def time_of(made_at: datetime | None, sent_at: datetime | None, received_at: datetime) -> Timing:
    """Correct the phone's clock by what it said when it sent; all moments are naive UTC.

    >>> noon = datetime(2026, 3, 10, 12)
    >>> two_days = timedelta(days=2)
    >>> time_of(noon - two_days - timedelta(hours=1), noon - two_days, noon)
    Timing(happened_at=datetime.datetime(2026, 3, 10, 11, 0), skew=172800.0, is_doubtful=True)
    >>> time_of(noon + two_days, noon, noon).happened_at == noon
    True
    """
    skew = received_at - sent_at if sent_at else None
    happened_at = made_at + (skew or timedelta()) if made_at else received_at
    possible = received_at - OLDEST_ACTION <= happened_at <= received_at
    is_doubtful = not possible or (skew is not None and abs(skew) > TOLERATED_SKEW)
    return Timing(
        happened_at if possible else received_at,
        skew.total_seconds() if skew is not None else None,
        is_doubtful,
    )


def _record_id(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= LARGEST_ID:
        raise ValueError("not an id")
    return value


def _text(longest: int) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise TypeError("not a text")
        text = value.strip()
        if not text or len(text) > longest:
            raise ValueError("empty or too long")
        return text

    return read


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("not a boolean")
    return value


def _optional(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value in (None, "") else read(value)


def is_in_country(latitude: float, longitude: float) -> bool:
    """Whether a place lies in the box of Vietnam, the islands included.

    >>> is_in_country(10.45, 105.63), is_in_country(105.63, 10.45)
    (True, False)
    """
    return LATITUDES[0] <= latitude <= LATITUDES[1] and LONGITUDES[0] <= longitude <= LONGITUDES[1]


def read_position(value: Any) -> Position:
    """Read ``{"latitude": …, "longitude": …, "accuracy": …}``.

    :raises ActionError: outside Vietnam, of unknown accuracy, or too inexact to be of use
    :raises TypeError, ValueError: when it is not of that form
    """
    if not isinstance(value, dict):
        raise TypeError("not a position")
    latitude, longitude, accuracy = (
        _number(value.get(name)) for name in ("latitude", "longitude", "accuracy")
    )
    if not is_in_country(latitude, longitude):
        raise ActionError("outside_country")
    if accuracy == 0:
        raise ActionError("accuracy_unknown")
    if not 0 < accuracy <= WORST_ACCURACY:
        raise ActionError("position_inexact", accuracy=round(accuracy))
    return Position(latitude, longitude, accuracy)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError("not a number")
    return float(value)


def _position_if_useful(value: Any) -> Position | None:
    """Where the person stood, beside what the action is about: a poor fix is no reason to
    refuse the action."""
    try:
        return read_position(value)
    except (ActionError, TypeError, ValueError):
        return None


def _handed_assets(value: Any) -> tuple[HandedAsset, ...]:
    if not isinstance(value, list) or not 0 < len(value) <= MOST_HANDED:
        raise ValueError("no list of assets")
    lines = tuple(
        HandedAsset(_record_id(line.get("asset")), _optional(CHOICE)(line.get("condition")))
        for line in value
    )
    if len({line.asset for line in lines}) < len(lines):
        raise ValueError("an asset twice")
    return lines


def _answers(value: Any) -> tuple[LineAnswer, ...]:
    if not isinstance(value, list) or len(value) > MOST_ANSWERS:
        raise ValueError("no list of answers")
    answers = tuple(
        LineAnswer(
            _record_id(one.get("line")),
            _answered(one.get("value")),
            _optional(LONG_TEXT)(one.get("note")),
            read_time(one.get("at")),
        )
        for one in value
    )
    if len({answer.line for answer in answers}) < len(answers):
        raise ValueError("a line twice")
    return answers


def _answered(value: Any) -> str | float | None:
    """A text or a figure; whether it fits its line is known to the database only."""
    if value is None or isinstance(value, str):
        return value
    return _number(value)


def _taken_photos(value: Any) -> tuple[TakenPhoto, ...]:
    if not isinstance(value, list) or len(value) > MOST_ORDER_PHOTOS:
        raise ValueError("no list of photos")
    return tuple(
        TakenPhoto(
            _text(80)(one.get("name")),
            read_time(one.get("at")),
            _position_if_useful(one.get("position")),
        )
        for one in value
    )


def _used_parts(value: Any) -> tuple[UsedPart, ...]:
    if not isinstance(value, list):
        raise TypeError("no list of parts")
    if len(value) > MOST_PARTS:
        raise ActionError("too_many_parts", most=MOST_PARTS)
    return tuple(_used_part(one) for one in value)


def _used_part(value: Mapping[str, Any]) -> UsedPart:
    """Read ``{"part": id or null, "name": …, "quantity": …}``.

    >>> _used_part({"part": None, "name": " Băng keo ", "quantity": 1.5})
    UsedPart(part=None, name='Băng keo', quantity=1.5)
    >>> try:
    ...     _used_part({"part": 7, "name": "Cầu chì", "quantity": 0.001})
    ... except ActionError as error:
    ...     print(error.reason, error.values["part"])
    quantity_wrong Cầu chì
    """
    part = _optional(_record_id)(value.get("part"))
    name = _optional(_text(LONGEST_NAME))(value.get("name")) or ""
    if part is None and not name:
        raise ValueError("no part")
    quantity = value.get("quantity")
    if isinstance(quantity, (int, float)) and not isinstance(quantity, bool):
        # Bounded before it is rounded: an integer of JSON may be longer than any figure.
        bounded = min(max(quantity, 0), MOST_OF_A_PART)
        rounded = round(float(bounded), QUANTITY_DECIMALS)
        if bounded == quantity and rounded > 0:
            return UsedPart(part, name, rounded)
    raise ActionError("quantity_wrong", part=name or part)


def _minutes(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MOST_MINUTES:
        raise ActionError("minutes_wrong", most=MOST_MINUTES)
    return value


def moment_of(made_at: datetime | None, timing: Timing) -> datetime:
    """A moment within an action, by the clock that ``timing`` has corrected.

    A moment after the action, or long before it, counts as that of the action.

    >>> noon = datetime(2026, 3, 10, 12)
    >>> timing = Timing(noon, 60.0, False)
    >>> moment_of(noon - timedelta(minutes=31), timing)
    datetime.datetime(2026, 3, 10, 11, 30)
    >>> moment_of(noon + timedelta(days=2), timing) == moment_of(None, timing) == noon
    True
    """
    if made_at is None:
        return timing.happened_at
    try:
        moment = made_at + timedelta(seconds=timing.skew or 0)
    except OverflowError:
        return timing.happened_at
    possible = timing.happened_at - OLDEST_ACTION <= moment <= timing.happened_at
    return moment if possible else timing.happened_at


Reader = Callable[[Any], Any]
LONG_TEXT, CHOICE = _text(LONGEST_TEXT), _text(40)

# Which fields the payload of each kind has, and how each is read.
KINDS: dict[str, dict[str, Reader]] = {
    "report_fault": {
        "asset": _record_id,
        "text": LONG_TEXT,
        "severity": CHOICE,
        "position": _position_if_useful,
    },
    "close_order": {
        "order": _record_id,
        "result": CHOICE,
        "note": _optional(LONG_TEXT),
        "position": _position_if_useful,
        "checklist": _optional(_record_id),
        "answers": _optional(_answers),
        "taken": _optional(_taken_photos),
        "confirmed_by": _optional(_text(LONGEST_NAME)),
        "parts": _optional(_used_parts),
        "minutes": _optional(_minutes),
    },
    "claim_tag": {
        "code": _text(LONGEST_CODE),
        "asset": _record_id,
        "point": _optional(CHOICE),
        "position": _position_if_useful,
    },
    "set_position": {
        "asset": _record_id,
        "position": read_position,
        "force": _optional(_boolean),
    },
    "set_condition": {
        "asset": _record_id,
        "condition": CHOICE,
        "note": _optional(LONG_TEXT),
    },
    "count_asset": {
        "sheet": _record_id,
        "asset": _record_id,
        "condition": CHOICE,
        "how": _optional(CHOICE),
        "note": _optional(LONG_TEXT),
        "position": _position_if_useful,
    },
    "count_unexpected": {
        "sheet": _record_id,
        "name": _text(LONGEST_NAME),
        "code": _optional(_text(LONGEST_CODE)),
        "object_kind": _optional(_text(LONGEST_NAME)),
        "place": _optional(_text(LONGEST_NAME)),
        "serial": _optional(_text(LONGEST_NAME)),
        "condition": _optional(CHOICE),
        "note": _optional(LONG_TEXT),
        "position": _position_if_useful,
    },
    "hand_over": {
        "receiver": _record_id,
        "receiver_name": _text(LONGEST_NAME),
        "giver": _optional(_record_id),
        "giver_name": _text(LONGEST_NAME),
        "lines": _handed_assets,
        "note": _optional(LONG_TEXT),
    },
}
