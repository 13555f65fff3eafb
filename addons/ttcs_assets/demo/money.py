"""What things cost and who paid: magnitudes of published station projects, 2019 to 2025.

A converted station with 11 to 25 clusters came to 260 to 600 million đồng; province and
district often shared it 80 to 20.  Amounts are whole đồng.
"""

from __future__ import annotations

from datetime import date
from random import Random

# Codes of ttcs.funding.source and percent; a pattern holds from its date on.
_DISTRICT_ERA = (
    ((("NTM-DT", 80), ("NSH-TX", 20)), 34),
    ((("NST-DT", 80), ("NSH-TX", 20)), 26),
    ((("GNBV-SN", 100),), 14),
    ((("NST-DT", 100),), 14),
    ((("NSH-TX", 60), ("XHH", 40)), 12),
)
_LATE_2025 = (
    ((("NTM-DT", 80), ("NSX-TX", 20)), 50),
    ((("NST-DT", 80), ("NSX-TX", 20)), 50),
)
_ONE_PROGRAMME = (
    ((("CTMTQG-DT", 80), ("NSX-TX", 20)), 40),
    ((("NST-DT", 80), ("NSX-TX", 20)), 30),
    ((("CTMTQG-TX", 100),), 15),
    ((("NSX-TX", 70), ("XHH", 30)), 15),
)
PATTERNS = (
    (date(2026, 1, 1), _ONE_PROGRAMME),
    (date(2025, 7, 1), _LATE_2025),
    (date(2021, 1, 1), _DISTRICT_ERA),
)
GIFT = (("TT-HV", 100),)
FIRST_SOURCES = date(2021, 1, 1)

STATION_COST = {"ip": (45, 95), "fm": (80, 160), "wired": (30, 60)}
CLUSTER_COST = {"ip": (9_200, 3_300), "fm": (4_100, 1_150), "wired": (1_700, 900)}
PART_COST = {
    "receiver": 4_600,
    "amplifier": 3_900,
    "horn": 1_350,
    "sim": 60,
    "pole": 5_200,
    "power": 1_450,
    "microphone": 1_800,
    "production": 14_500,
}
THOUSAND, MILLION = 1_000, 1_000_000

Pattern = tuple[tuple[str, int], ...]


def funding_pattern(random: Random, day: date) -> Pattern:
    """Draw who pays what percent of something bought on a day; empty before any source."""
    for start, patterns in PATTERNS:
        if day >= start:
            return random.choices(
                [pattern for pattern, _weight in patterns],
                weights=[weight for _pattern, weight in patterns],
            )[0]
    return ()


def split_cost(cost: int, pattern: Pattern) -> tuple[tuple[str, int], ...]:
    """Split a cost by percent; the first source bears what rounding leaves over.

    >>> split_cost(15_000_001, (("NTM-DT", 80), ("NSH-TX", 20)))
    (('NTM-DT', 12000001), ('NSH-TX', 3000000))
    >>> split_cost(0, (("NTM-DT", 100),))
    ()
    """
    if not cost or not pattern:
        return ()
    others = [(source, cost * percent // 100) for source, percent in pattern[1:]]
    first = (pattern[0][0], cost - sum(amount for _source, amount in others))
    return (first, *others)


def station_cost(random: Random, technology: str) -> int:
    """Original cost of a station's own equipment, without its clusters."""
    least, most = STATION_COST[technology]
    return random.randrange(least * MILLION, most * MILLION, 50 * THOUSAND)


def cluster_cost(random: Random, technology: str, horn_count: int) -> int:
    """Original cost of one cluster with its horns."""
    base, by_horn = CLUSTER_COST[technology]
    cost = (base + by_horn * horn_count) * random.uniform(0.92, 1.12)
    return round(cost / 10) * 10 * THOUSAND


def board_cost(random: Random, area_m2: float, *, electronic: bool) -> int:
    """Original cost of a board: an outdoor LED wall costs about nine times a plain one."""
    per_m2 = random.uniform(11_500, 15_500) if electronic else random.uniform(1_100, 1_900)
    return round(area_m2 * per_m2 / 100) * 100 * THOUSAND


def part_cost(random: Random, category: str) -> int:
    """Original cost of a part that was bought by itself."""
    return round(PART_COST[category] * random.uniform(0.85, 1.2) / 10) * 10 * THOUSAND
