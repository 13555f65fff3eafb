"""Coordinates as people copy them: from a map on the web, from a GPS, by hand with commas."""

import math
import re

from ..text.vietnamese import normalize
from .amounts import is_blank
from .parsed import Parsed, failed, warned

# Land and islands of Vietnam, the sea around Trường Sa included (degrees, WGS 84).
LATITUDES = (6.0, 23.5)
LONGITUDES = (102.0, 118.0)
_DECIMALS = 7

_DECIMAL = re.compile(r"[-+]?\d{1,3}[.,]\d+")
# In the address of a map the marked place follows !3d and !4d, the middle of the view follows @.
_PAIRS_IN_ADDRESS = (
    re.compile(r"!3d(\d{1,3}\.\d+)!4d(\d{1,3}\.\d+)"),
    re.compile(r"(\d{1,3}\.\d+)(?:,|%2C)\+?(\d{1,3}\.\d+)"),
)
_BESIDE_DECIMALS = re.compile(
    r"(?:[\s,;:/|()°º]|latitude|longitude|long|lat|lng|lon|vĩ độ|kinh độ|[nebđxy](?![a-zđ]))*",
    re.IGNORECASE,
)
_SEXAGESIMAL = re.compile(
    r"""(?P<before>[NBEĐ])?\s*(?P<degrees>\d{1,3})\s*[°º]\s*
    (?P<minutes>[0-5]?\d(?:[.,]\d+)?)\s*['′’]\s*
    (?:(?P<seconds>[0-5]?\d(?:[.,]\d+)?)\s*(?:"|″|”|''|’’|′′)\s*)?(?P<after>[NBEĐ](?![A-Z]))?""",
    re.IGNORECASE | re.VERBOSE,
)
_METRES = re.compile(r"\d{6,7}(?:[.,]\d+)?")


def parse_coordinates(value: object) -> Parsed:
    """Parse a pair of coordinates, to (latitude, longitude) in degrees.

    >>> parse_coordinates("10.4593, 105.6321").value
    (10.4593, 105.6321)
    >>> parse_coordinates("10,4593; 105,6321").value == parse_coordinates("10.4593 105.6321").value
    True
    >>> parse_coordinates("10°27'33.5\\"N 105°37'55.6\\"E").value
    (10.4593056, 105.6321111)
    >>> parse_coordinates("105.6321, 10.4593").problem.code
    'coordinates_swapped'
    """
    if is_blank(value):
        return Parsed()
    if not isinstance(value, str):
        return failed("not_coordinates", text=value)
    text = normalize(value)
    pair = _read_pair(text)
    if pair is None:
        metres = len(_METRES.findall(text)) == 2
        return failed("coordinates_projected" if metres else "not_coordinates", text=value)
    first, second = pair
    if _inside(first, second):
        return Parsed((first, second))
    if _inside(second, first):
        return warned((second, first), "coordinates_swapped", text=value)
    return failed("coordinates_outside", text=value)


def parse_latitude(value: object) -> Parsed:
    """Parse a latitude in Vietnam, to float degrees.

    >>> parse_latitude("10,4593").value, parse_latitude(105.6).problem.code
    (10.4593, 'coordinates_outside')
    """
    return _parse_degrees(value, LATITUDES)


def parse_longitude(value: object) -> Parsed:
    """Parse a longitude in Vietnam, to float degrees."""
    return _parse_degrees(value, LONGITUDES)


def _parse_degrees(value: object, bounds: tuple[float, float]) -> Parsed:
    if is_blank(value):
        return Parsed()
    if isinstance(value, str):
        degrees = _read_angle(normalize(value))
    elif isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        degrees = float(value)
    else:
        degrees = None
    if degrees is None:
        return failed("not_degrees", text=value)
    if not bounds[0] <= degrees <= bounds[1]:
        return failed("coordinates_outside", text=value)
    return Parsed(round(degrees, _DECIMALS))


def _inside(latitude: float, longitude: float) -> bool:
    return LATITUDES[0] <= latitude <= LATITUDES[1] and LONGITUDES[0] <= longitude <= LONGITUDES[1]


def _read_pair(text: str) -> tuple[float, float] | None:
    if text.lower().startswith(("http://", "https://")):
        pairs = filter(None, (pattern.search(text) for pattern in _PAIRS_IN_ADDRESS))
        return next(((float(pair[1]), float(pair[2])) for pair in pairs), None)
    angles = list(_SEXAGESIMAL.finditer(text))
    if len(angles) == 2 and not _SEXAGESIMAL.sub("", text).strip(" ,;-/"):
        return _degrees(angles[0]), _degrees(angles[1])
    decimals = _DECIMAL.findall(text)
    if len(decimals) == 2 and _BESIDE_DECIMALS.fullmatch(_DECIMAL.sub(" ", text)):
        return _number(decimals[0]), _number(decimals[1])
    return None


def _read_angle(text: str) -> float | None:
    angle = _SEXAGESIMAL.fullmatch(text)
    if angle:
        return _degrees(angle)
    decimal = _DECIMAL.match(text)
    if decimal and _BESIDE_DECIMALS.fullmatch(text[decimal.end() :]):
        return _number(decimal[0])
    return float(text) if re.fullmatch(r"\d{1,3}", text) else None


def _degrees(angle: re.Match[str]) -> float:
    minutes = _number(angle["minutes"]) + _number(angle["seconds"] or "0") / 60
    return round(int(angle["degrees"]) + minutes / 60, _DECIMALS)


def _number(digits: str) -> float:
    return float(digits.replace(",", "."))
