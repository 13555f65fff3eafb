"""Numbers of the register: codes of the agency, codes of the ledger, serial numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from random import Random

from .assets import Asset
from .places import Commune

PREFIXES = {"station": "DTT", "cluster": "CL", "board": "BT", "board_plain": "BT"}
PREFIX_OF_PARTS = "LK"
FIXED_ASSET = 10_000_000
SHARE_IN_LEDGER = 0.7
SHARE_WITH_SERIAL = 0.75
# A plate is read off what was opened to be listed; horns and poles carry none.
NEVER_WITH_SERIAL = ("pole", "horn", "board_plain")


def numbered(assets: Iterable[Asset], communes: Iterable[Commune]) -> tuple[Asset, ...]:
    """The same assets with codes unique in their commune and serial numbers unique at all.

    One of which not even the date is known was never entered anywhere: it has no numbers.
    """
    code_of = {commune.key: commune.code for commune in communes}
    counters: Counter[tuple[str, str]] = Counter()
    numbered_assets = []
    for serial, asset in enumerate(assets, start=1):
        if asset.in_use_date is None:
            numbered_assets.append(asset)
            continue
        random = Random(f"numbers of {asset.key}")
        prefix = PREFIXES.get(asset.category, PREFIX_OF_PARTS)
        counters[asset.commune_key, prefix] += 1
        number = counters[asset.commune_key, prefix]
        width = 2 if prefix in ("DTT", "BT") else 3
        is_in_ledger = asset.original_cost >= FIXED_ASSET and random.random() < SHARE_IN_LEDGER
        numbered_assets.append(
            replace(
                asset,
                code=f"{prefix}-{number:0{width}d}",
                ledger_code=f"{code_of[asset.commune_key]}.{prefix}.{number:04d}"
                if is_in_ledger
                else "",
                serial_no=_serial_number(random, asset, serial),
            )
        )
    return tuple(numbered_assets)


def _serial_number(random: Random, asset: Asset, number: int) -> str:
    is_part = asset.category not in PREFIXES
    if not asset.model or asset.category in NEVER_WITH_SERIAL:
        return ""
    if not is_part and random.random() >= SHARE_WITH_SERIAL:
        return ""
    model = "".join(letter for letter in asset.model.upper() if letter.isalnum())
    return f"{model[:6]}{asset.acquisition_year % 100:02d}{number:06d}"
