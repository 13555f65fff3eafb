"""What the plan says about one asset, and what all families of assets share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

REFORM = date(2025, 7, 1)
CONDITIONS = ("good", "degraded", "broken", "stopped")
CONDITION_WEIGHTS = (88, 6, 5, 1)
CONNECTIONS = ("online", "playing", "offline")
CONNECTION_WEIGHTS = {
    "good": (91, 4, 5),
    "degraded": (70, 0, 30),
    "broken": (6, 0, 94),
    "stopped": (0, 0, 100),
}


@dataclass(frozen=True)
class Technology:
    """How a station reaches its clusters in a period."""

    station_key: str
    technology: str
    valid_from: date
    valid_to: date | None = None
    frequency_mhz: float = 0.0
    licence_number: str = ""
    licence_valid_to: date | None = None


@dataclass(frozen=True)
class Asset:
    """An asset of the register; names as in ``maintenance.equipment`` where it has the field.

    ``commune_key`` is today's commune, whose committee owns it; ``former_key`` the commune in
    which it stood until the reform, for what was in use then.  ``shares`` is the cost by the
    code of a funding source.  Not ``monitored`` means that no wire watches it.
    """

    key: str
    category: str
    name: str
    commune_key: str
    unit_key: str
    former_key: str | None = None
    parent_key: str | None = None
    technology: str = ""
    code: str = ""
    condition: str = "good"
    condition_date: date | None = None
    connection: str = "unmonitored"
    connection_date: datetime | None = None
    life_state: str = "in_use"
    latitude: float | None = None
    longitude: float | None = None
    position_accuracy: float = 0.0
    site_note: str = ""
    manufacturer: str = ""
    manufactured_in: str = ""
    model: str = ""
    serial_no: str = ""
    horn_count: int = 0
    sim_number: str = ""
    sim_valid_to: date | None = None
    board_site: str = ""
    board_area_m2: float = 0.0
    board_is_electronic: bool = True
    original_cost: int = 0
    shares: tuple[tuple[str, int], ...] = ()
    acquisition: str = "purchase"
    in_use_date: date | None = None
    acquisition_year: int = 0
    warranty_date: date | None = None
    ledger_code: str = ""

    @property
    def is_cluster(self) -> bool:
        return self.category == "cluster"


def day_between(random: Random, first: date, last: date) -> date:
    """Draw a day, both ends included; ``first`` when there is none between."""
    return first + timedelta(days=random.randint(0, max((last - first).days, 0)))


def former_of(key: str, in_use_date: date) -> str | None:
    """The former commune of an asset, when it was in use before the reform."""
    return key if in_use_date < REFORM else None


def years_later(day: date, years: int) -> date:
    """The same day some years on, the 28th at the latest.

    >>> years_later(date(2024, 2, 29), 2)
    datetime.date(2026, 2, 28)
    """
    return day.replace(year=day.year + years, day=min(day.day, 28))


def condition_of(random: Random) -> str:
    return random.choices(CONDITIONS, weights=CONDITION_WEIGHTS)[0]


def connection_of(random: Random, condition: str) -> str:
    """The connection of something that a wire watches, in keeping with its condition."""
    return random.choices(CONNECTIONS, weights=CONNECTION_WEIGHTS[condition])[0]


def last_signal(random: Random, connection: str, today: date) -> datetime:
    """When it last answered, in UTC: yesterday's evening programme, or days before.

    Nothing lies in the future for whoever builds the demo just after midnight.
    """
    evening = datetime(today.year, today.month, today.day) - timedelta(hours=14)
    since = timedelta(minutes=random.randint(0, 55))
    if connection == "offline":
        since -= timedelta(days=random.randint(1, 70))
    return evening + since
