"""What repairs of the demo province used and cost, drawn from their notes.  No Odoo here.

Prices are those of the field's usual parts, rounded; they serve the demo only.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Part:
    """A spare part: code, name, unit of measure, price in đồng, kinds of asset it fits."""

    code: str
    name: str
    uom: str
    price: int
    kinds: tuple[str, ...]


PARTS = (
    Part("AMPLI-60", "Ampli 60 W cho cụm loa", "bộ", 1_850_000, ("cluster",)),
    Part("CAUCHI-5A", "Cầu chì 5 A", "cái", 5_000, ("cluster", "station")),
    Part("JACK-BNC", "Jack tín hiệu chống ẩm", "cái", 35_000, ("cluster",)),
    Part("ANTEN-4G", "Ăng-ten 4G", "cái", 180_000, ("cluster", "board")),
    Part("MANG-30", "Màng loa nén 30 W", "cái", 180_000, ("cluster",)),
    Part("LOA-30", "Loa nén 30 W", "cái", 650_000, ("cluster",)),
    Part("CB-10A", "CB 10 A", "cái", 95_000, ("cluster", "station", "board")),
    Part("NGUON-12V", "Bộ nguồn 12 V - 5 A", "bộ", 320_000, ("cluster",)),
    Part("THU-4G", "Bộ thu thanh 4G", "bộ", 3_900_000, ("cluster",)),
    Part("DAY-LK", "Dây lưỡng kim", "mét", 9_500, ("cluster",)),
    Part("TU-NGUON", "Tụ lọc nguồn", "cái", 45_000, ("station",)),
    Part("MICRO", "Micrô phòng thu", "cái", 1_250_000, ("station",)),
    Part("LED-MODUN", "Mô-đun LED P5", "tấm", 420_000, ("board",)),
    Part("NGUON-5V", "Nguồn 5 V - 60 A", "bộ", 380_000, ("board",)),
)
# What a closing note names, and which part and how many that means.
NAMED = (
    ("ampli", "AMPLI-60", 1),
    ("cầu chì", "CAUCHI-5A", 2),
    ("Jack", "JACK-BNC", 2),
    ("Ăng-ten 4G", "ANTEN-4G", 1),
    ("màng loa", "MANG-30", 1),
    ("đã thay loa", "LOA-30", 1),
    ("CB 10A", "CB-10A", 1),
    ("bộ nguồn", "NGUON-12V", 1),
    ("Thay bộ thu", "THU-4G", 1),
    ("dây lưỡng kim", "DAY-LK", 120),
    ("tụ lọc", "TU-NGUON", 4),
    ("Thay micrô", "MICRO", 1),
    ("mô-đun LED", "LED-MODUN", 2),
    ("Thay nguồn 5V", "NGUON-5V", 1),
)
HOURLY_RATE = 65_000
SHARE_WITH_TRANSPORT = 0.3
PAYERS = (("own", 78), ("contract", 14), ("culprit", 5), ("insurance", 3))
CAUSES = (("fault", 72), ("weather", 10), ("power", 9), ("network", 6), ("damage", 3))


@dataclass(frozen=True)
class Cost:
    """What one order cost: ``(code, quantity)`` of parts, minutes of work, other đồng."""

    parts: tuple[tuple[str, int], ...]
    minutes: int
    other: int
    payer: str


def cost_of(number: int, resolution: str) -> Cost:
    """The same order always costs the same.

    >>> cost_of(7, "Thay màng loa rách, chỉnh lại âm lượng.").parts
    (('MANG-30', 1),)
    """
    random = Random(f"cost {number}")
    parts = tuple((code, count) for word, code, count in NAMED if word in resolution)
    other = random.choice((50_000, 80_000, 120_000))
    return Cost(
        parts=parts,
        minutes=random.choice((30, 45, 60, 90, 120)),
        other=other if random.random() < SHARE_WITH_TRANSPORT else 0,
        payer=drawn(random, PAYERS),
    )


def cause_of(number: int, resolution: str) -> str:
    """Code of the cause of a downtime; what the note says comes first."""
    random = Random(f"cause {number}")
    told = {"cắt điện": "power", "Điện lực": "power", "nhà mạng": "network", "sét": "weather"}
    return next((code for word, code in told.items() if word in resolution), drawn(random, CAUSES))


def drawn(random: Random, choices: tuple[tuple[str, int], ...]) -> str:
    return random.choices([name for name, _ in choices], weights=[w for _, w in choices])[0]
