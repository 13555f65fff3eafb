"""The public boards: electronic ones at a third of the offices, a few elsewhere, plain ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from .assets import (
    REFORM,
    Asset,
    condition_of,
    connection_of,
    day_between,
    last_signal,
    years_later,
)
from .makes import make_of
from .money import board_cost, funding_pattern, split_cost
from .places import Commune, Places
from .points import scattered

OFFICES_PER_BOARD = 3
ELSEWHERE = ("market", "square", "market", "square", "market", "culture_house")
PLAIN = ("market", "culture_house", "office", "market", "other")
SITE_WORDS = {
    "office": "trụ sở UBND",
    "market": "chợ",
    "square": "quảng trường",
    "culture_house": "nhà văn hóa",
    "other": "bến xe",
}
FIRST, LAST = date(2021, 5, 1), date(2026, 9, 30)
SHARE_WITH_SOURCES = 0.8
SHARE_ONLINE = 0.9
KM_FROM_CENTRE = 0.6


def plan_boards(places: Places, today: date) -> tuple[Asset, ...]:
    """Electronic boards at offices, then elsewhere, then plain boards."""
    order = list(places.communes)
    Random("communes with a board").shuffle(order)
    count = -(-len(order) // OFFICES_PER_BOARD)
    offices, others = order[:count], order[count:]
    boards = [_board(places, commune, "office", True, today) for commune in offices]
    # A town that has one at its office gets the next one too.
    boards += [
        _board(places, commune, site, True, today)
        for commune, site in zip(offices, ELSEWHERE, strict=False)
    ]
    boards += [
        _board(places, commune, site, False, today)
        for commune, site in zip(others, PLAIN, strict=False)
    ]
    return tuple(boards)


def _board(places: Places, commune: Commune, site: str, electronic: bool, today: date) -> Asset:
    random = Random(f"board {commune.key} {site} {electronic}")
    in_use = min(day_between(random, FIRST, LAST), today)
    area = random.choice((4.0, 6.0, 6.4, 8.0) if electronic else (2.2, 3.0, 3.6))
    cost = board_cost(random, area, electronic=electronic)
    pattern = funding_pattern(random, in_use) if random.random() < SHARE_WITH_SOURCES else ()
    make = make_of(random, "board")
    latitude, longitude = scattered(random, commune.latitude, commune.longitude, KM_FROM_CENTRE)
    word = "Bảng tin điện tử" if electronic else "Bảng tin"
    board = Asset(
        key=f"board {commune.key} {site} {'electronic' if electronic else 'plain'}",
        category="board" if electronic else "board_plain",
        name=f"{word} {SITE_WORDS[site]} {commune.title}",
        commune_key=commune.key,
        unit_key=commune.key,
        former_key=_former_key(places, commune) if in_use < REFORM else None,
        condition=condition_of(random),
        condition_date=today - timedelta(days=random.randint(3, 250)),
        latitude=latitude,
        longitude=longitude,
        position_accuracy=5.0,
        board_site=site,
        board_area_m2=area,
        board_is_electronic=electronic,
        original_cost=cost,
        shares=split_cost(cost, pattern),
        in_use_date=in_use,
        acquisition_year=in_use.year,
        warranty_date=years_later(in_use, 2),
    )
    if not electronic:
        return board
    connection = connection_of(random, board.condition)
    watched = random.random() < SHARE_ONLINE
    return replace(
        board,
        manufacturer=make.manufacturer,
        manufactured_in=make.country,
        model=make.models["board"],
        connection=connection if watched else "unmonitored",
        connection_date=last_signal(random, connection, today) if watched else None,
    )


def _former_key(places: Places, commune: Commune) -> str:
    """The former commune in whose office today's commune sits: the one nearest its centre."""
    return min(
        (former for former in places.former_communes if former.commune_key == commune.key),
        key=lambda former: (
            abs(former.latitude - commune.latitude) + abs(former.longitude - commune.longitude)
        ),
    ).key
