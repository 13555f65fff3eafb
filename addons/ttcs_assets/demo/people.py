"""Who works in the demo: posts without names, dated assignments, and the accounts to sign in.

Part-time operators had to end by 31/05/2026; since then an officer of the commune has their
work, or nobody.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date
from random import Random

from .assets import REFORM
from .places import Commune

PART_TIME_ENDED, SUCCESSION = date(2026, 5, 31), date(2026, 6, 1)
FORMER_OPERATORS, VACANT = 34, 8
OPERATOR, ASSET_OFFICER = "station_operator", "asset_officer"
ACCOUNT_COMMUNE = "Thanh Bình"
# Without what looks alike in print or is typed with a shift key.
PASSWORD_SYMBOLS = "abcdefghjkmnpqrstuvwxyz23456789"
PASSWORD_GROUPS, GROUP_LENGTH = 3, 5


@dataclass(frozen=True)
class Person:
    """Somebody known by the post, without an account."""

    key: str
    name: str
    commune_key: str


@dataclass(frozen=True)
class Assignment:
    """A post held from a day on; ``position`` is the name of a shipped position's external id."""

    person_key: str
    commune_key: str
    position: str
    decision: str
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True)
class Account:
    """Somebody who can sign in; ``agency`` is ``province``, ``department`` or a commune's name.

    ``duty`` names the account to scripts, ``duties`` are codes of ``ttcs.duty``.
    """

    login: str
    title: str
    duty: str
    agency: str
    position: str
    duties: tuple[str, ...]


@dataclass(frozen=True)
class Staff:
    """All of them; ``custodians`` gives by commune who answers for its assets today."""

    persons: tuple[Person, ...]
    assignments: tuple[Assignment, ...]
    custodians: dict[str, str]


ACCOUNTS = (
    Account("lanhdao", "Lãnh đạo tỉnh", "LEADER", "province", "leader", ("leader",)),
    Account(
        "taisan",
        "Chuyên viên quản lý tài sản của Sở",
        "ASSETS",
        "department",
        "asset_officer",
        ("assets_manager", "maintenance_manager", "people"),
    ),
    Account(
        "xa.thanhbinh",
        "Công chức văn hóa - xã hội xã Thanh Bình",
        "COMMUNE",
        ACCOUNT_COMMUNE,
        "culture_officer",
        ("assets", "maintenance", "people_manager", "budget"),
    ),
    Account(
        "lanhdao.thanhbinh",
        "Lãnh đạo UBND xã Thanh Bình",
        "COMMUNE_LEADER",
        ACCOUNT_COMMUNE,
        "leader",
        ("leader",),
    ),
    Account(
        "kythuat",
        "Kỹ thuật viên",
        "TECHNICIAN",
        "department",
        "technician",
        ("maintenance",),
    ),
    Account(
        "taichinh",
        "Kế toán của Sở",
        "BUDGET",
        "department",
        "accountant",
        ("budget_manager",),
    ),
)
ADMINISTRATOR_TITLE = "Quản trị hệ thống"


def plan_staff(communes: tuple[Commune, ...]) -> Staff:
    """An operator and an asset officer for every commune, with who followed whom."""
    random = Random("staff")
    ended = random.sample(range(len(communes)), min(FORMER_OPERATORS, len(communes)))
    vacant = set(ended[:VACANT])
    persons, assignments, custodians = [], [], {}
    for index, commune in enumerate(communes):
        operator = Person(
            f"operator {commune.key}", f"Cán bộ phụ trách đài {commune.title}", commune.key
        )
        officer = Person(
            f"officer {commune.key}", f"Cán bộ quản lý tài sản {commune.title}", commune.key
        )
        persons += [operator, officer]
        has_ended = index in ended
        last_day = PART_TIME_ENDED if has_ended else None
        number = f"{random.randint(3, 240)}/QĐ-UBND"
        assignments.append(
            Assignment(operator.key, commune.key, OPERATOR, number, REFORM, last_day)
        )
        assignments.append(Assignment(officer.key, commune.key, ASSET_OFFICER, number, REFORM))
        if has_ended and index not in vacant:
            number = f"{random.randint(241, 520)}/QĐ-UBND"
            assignments.append(Assignment(officer.key, commune.key, OPERATOR, number, SUCCESSION))
        custodians[commune.key] = officer.key if has_ended else operator.key
    return Staff(tuple(persons), tuple(assignments), custodians)


def new_password() -> str:
    """A random password of 15 letters and digits (74 bits) that can be typed on a phone."""
    groups = (
        "".join(secrets.choice(PASSWORD_SYMBOLS) for _ in range(GROUP_LENGTH))
        for _ in range(PASSWORD_GROUPS)
    )
    return "-".join(groups)
