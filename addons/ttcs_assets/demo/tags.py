"""Which assets carry a tag, which tags were replaced, and the blank rolls.

The codes themselves are drawn and signed when the demo is written: no two installations
print the same ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from .assets import Asset, day_between

SHARE_OF_CLUSTERS = 0.6
REPLACED = 5
SECOND_TAGS = 12
FIRST_DAY = date(2025, 9, 8)
POINTS = {"station": "cabinet", "cluster": "control_box", "board": "other"}
REASONS = (
    "Tem mờ, không quét được",
    "Tem bong tróc sau mưa bão",
    "Dán nhầm sang cụm loa bên cạnh",
)
ROLL_SIZE = 24


@dataclass(frozen=True)
class Tag:
    """A tag and the asset it is or was on; ``reason`` says why it was revoked."""

    asset_key: str
    point: str
    assigned_at: datetime
    reason: str = ""
    revoked_at: datetime | None = None
    is_replaced: bool = False


def plan_tags(assets: Sequence[Asset], today: date) -> tuple[Tag, ...]:
    """A tag for every station and board and most clusters; a few replaced, a few doubled."""
    random = Random("tags")
    present = [asset for asset in assets if asset.life_state == "in_use"]
    tags = []
    for asset in present:
        is_tagged = asset.category in ("station", "board", "board_plain")
        if is_tagged or (asset.is_cluster and random.random() < SHARE_OF_CLUSTERS):
            point = POINTS["board" if asset.category == "board_plain" else asset.category]
            tags.append(Tag(asset.key, point, _moment(random, asset, today)))
    on_clusters = [tag for tag in tags if tag.point == "control_box"]
    for tag in random.sample(on_clusters, SECOND_TAGS):
        tags.append(Tag(tag.asset_key, "pole_foot", tag.assigned_at + timedelta(minutes=4)))
    for number, tag in enumerate(random.sample(on_clusters, REPLACED)):
        tags.append(
            Tag(
                asset_key=tag.asset_key,
                point=tag.point,
                assigned_at=tag.assigned_at - timedelta(days=40),
                reason=REASONS[number % len(REASONS)],
                revoked_at=tag.assigned_at - timedelta(minutes=2),
                is_replaced=True,
            )
        )
    return tuple(tags)


def revoked_with_asset(asset: Asset) -> Tag:
    """The tag of an asset that was disposed of: it still says what it once marked."""
    assert asset.condition_date is not None
    day = datetime.combine(asset.condition_date, time(2, 30))
    return Tag(
        asset_key=asset.key,
        point="control_box",
        assigned_at=day - timedelta(days=210),
        reason="Tài sản đã thanh lý",
        revoked_at=day,
    )


def _moment(random: Random, asset: Asset, today: date) -> datetime:
    """A working hour of the labelling campaign, in UTC, once the asset was there."""
    first = max(FIRST_DAY, asset.in_use_date or FIRST_DAY)
    day = min(day_between(random, first, today), today - timedelta(days=1))
    return datetime.combine(day, time(random.randint(1, 9), random.randint(0, 59)))
