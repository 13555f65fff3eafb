"""Points on the map around a centre."""

from __future__ import annotations

from math import cos, pi, radians, sin, sqrt
from random import Random

KM_PER_DEGREE = 111.2


def radius_of(area_km2: float) -> float:
    """Radius in km of a circle with this area.

    >>> round(radius_of(78.54), 2)
    5.0
    """
    return sqrt(area_km2 / pi)


def scattered(
    random: Random, latitude: float, longitude: float, radius_km: float
) -> tuple[float, float]:
    """A point evenly drawn from the disc around a centre, in degrees with six decimals."""
    distance = radius_km * sqrt(random.random())
    direction = 2 * pi * random.random()
    north, east = distance * cos(direction), distance * sin(direction)
    return (
        round(latitude + north / KM_PER_DEGREE, 6),
        round(longitude + east / (KM_PER_DEGREE * cos(radians(latitude))), 6),
    )
