"""The candidate that lies nearest to a position."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0


@dataclass(frozen=True)
class Point:
    """A position in degrees that speaks for the place with this id."""

    place: int
    latitude: float
    longitude: float


def distance_km(latitude: float, longitude: float, point: Point) -> float:
    """Great-circle distance (haversine) from a position in degrees to a point.

    >>> round(distance_km(10.0, 106.0, Point(1, 11.0, 106.0)), 1)
    111.2
    """
    north = radians(point.latitude - latitude) / 2
    east = radians(point.longitude - longitude) / 2
    shrink = cos(radians(latitude)) * cos(radians(point.latitude))
    return 2 * EARTH_RADIUS_KM * asin(sqrt(sin(north) ** 2 + shrink * sin(east) ** 2))


def nearest(
    latitude: float, longitude: float, points: Iterable[Point]
) -> tuple[int, float] | None:
    """The place of the nearest point and its distance in km; None without points.

    >>> nearest(10.0, 106.0, [Point(1, 10.5, 106.0), Point(2, 10.1, 106.0)])[0]
    2
    >>> nearest(10.0, 106.0, [])
    """
    measured = [(distance_km(latitude, longitude, point), point.place) for point in points]
    if not measured:
        return None
    distance, place = min(measured)
    return place, distance
