"""What the page of a listener shows, before it is HTML."""

from __future__ import annotations

from typing import NamedTuple


class Asked(NamedTuple):
    """A loudspeaker that a listener is asked about: what may be shown of it, and what he told.

    ``code`` stands for the line of the roll call; ``told_at`` is a local time.
    """

    code: str
    name: str
    where: str
    told: str = ""
    told_at: str = ""


class AskedNow(NamedTuple):
    """All that a listener is asked at a moment.

    ``until``: local time at which the roll call ends; ``following``: when none runs, local time
    and day of the next one.
    """

    loudspeakers: list[Asked]
    until: str
    following: tuple[str, str] | None
