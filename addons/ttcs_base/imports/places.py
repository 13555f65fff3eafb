"""Finding the place that a list names: by code, spelling, period and lineage.

A code or a name alone does not name a commune: codes were used again by the reform of
01/07/2025, several former communes bore one name, and old lists go on naming places that have
ended.  What cannot be decided is given back as candidates, for a person to choose from.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from ..text.vietnamese import normalize, place_key, similarity, split_kind

FOUND, BLANK, UNKNOWN, AMBIGUOUS, SPLIT, OUT_OF_REACH = (
    "found",
    "blank",
    "unknown",
    "ambiguous",
    "split",
    "out_of_reach",
)
_SUGGESTIONS = 3
_WORTH_SUGGESTING = 0.3
_COMMUNE_KINDS = frozenset(("xã", "phường", "thị trấn", "đặc khu"))
_OFFICIAL_CODE = re.compile(r"[0-9]{5}")
_CALLED_FORMER = re.compile(r"\s*\(?\bcũ\b\)?\s*$", re.IGNORECASE)
_PARTS = re.compile(r"\s*[,;/()]\s*|\s+[-–]\s+")

place_key = lru_cache(maxsize=65536)(place_key)


@dataclass(frozen=True)
class Place:
    """A place as far as matching needs it; ``above`` is the name of the place above it."""

    id: int
    name: str
    kind: str
    key: str
    valid_from: date
    valid_to: date | None = None
    code: str = ""
    above: str = ""
    commune: int = 0
    in_reach: bool = True

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or self.valid_to >= day)


@dataclass(frozen=True)
class Finding:
    """What a text turned out to mean.

    ``place`` is set with status "found" and "out_of_reach"; ``former`` is the place that the
    text names where its successor was taken or has to be chosen; ``candidates`` are the places
    to choose from, or for "unknown" the most alike ones.
    """

    status: str
    place: Place | None = None
    former: Place | None = None
    candidates: tuple[Place, ...] = ()


class CommuneFinder:
    """Finds communes among all that exist or existed.

    ``successors`` gives by id the ids of the places that took over; ``today`` decides what is
    in force.

    >>> old = Place(1, "Xã Tân Thạnh", "xã", "tân thạnh", date(2000, 1, 1), date(2025, 6, 30),
    ...             code="30043", above="Huyện Thanh Bình")
    >>> new = Place(2, "Xã Thanh Bình", "xã", "thanh bình", date(2025, 7, 1), code="30043")
    >>> finder = CommuneFinder([old, new], {1: (2,)}, date(2026, 1, 1))
    >>> finder.find(code="30043").place.name
    'Xã Thanh Bình'
    >>> finder.find(code="30043", day=date(2025, 1, 1)).former.name
    'Xã Tân Thạnh'
    >>> finder.find("X. Tân Thạnh (cũ)").place.name
    'Xã Thanh Bình'
    >>> finder.find("Tân Thạnh", code="30043").place.name
    'Xã Thanh Bình'
    >>> finder.find("Thanh Bìn").status, finder.find("").status
    ('unknown', 'blank')
    """

    def __init__(
        self,
        communes: Iterable[Place],
        successors: Mapping[int, Sequence[int]],
        today: date,
    ) -> None:
        self.by_id = {place.id: place for place in communes}
        self._successors = successors
        self._today = today
        self._by_key: dict[str, list[Place]] = defaultdict(list)
        self._by_code: dict[str, list[Place]] = defaultdict(list)
        for place in self.by_id.values():
            self._by_key[place.key].append(place)
            if place.code:
                self._by_code[_bare_code(place.code)].append(place)

    def find(
        self, name: str = "", code: str = "", district: str = "", day: date | None = None
    ) -> Finding:
        """Find the commune in force today that a row means.

        :param name: as written, with or without the word for its kind; a district may follow
            behind a comma
        :param code: official code; Excel may have dropped leading zeros
        :param day: the day of which the list speaks, today when None
        """
        name, _comma, behind = normalize(name).partition(",")
        district = district or behind
        kind, bare = split_kind(_CALLED_FORMER.sub("", name))
        if not bare and not code:
            return Finding(BLANK)
        if not code and _OFFICIAL_CODE.fullmatch(bare):
            bare, code = "", bare
        candidates = self._candidates(kind, place_key(bare) if bare else "", code)
        if not candidates:
            return Finding(UNKNOWN, candidates=self._alike(name or code))
        candidates = self._narrowed(candidates, district, day)
        if len(candidates) > 1:
            return Finding(AMBIGUOUS, candidates=tuple(candidates))
        return self.today(candidates[0])

    def today(self, place: Place) -> Finding:
        """Find what a place is called today, following the lineage."""
        if place.holds_on(self._today):
            return Finding(FOUND if place.in_reach else OUT_OF_REACH, place)
        heirs = sorted(self._heirs(place), key=lambda heir: (not heir.in_reach, heir.name))
        if not heirs:
            return Finding(UNKNOWN, former=place)
        if len(heirs) > 1:
            return Finding(SPLIT, former=place, candidates=tuple(heirs))
        status = FOUND if heirs[0].in_reach else OUT_OF_REACH
        return Finding(status, heirs[0], former=place)

    def names_of_code(self, code: str) -> set[str]:
        """The names that a code has stood for."""
        return {place.name for place in self._by_code.get(_bare_code(code), ())}

    def _candidates(self, kind: str | None, key: str, code: str) -> list[Place]:
        by_code = self._by_code.get(_bare_code(code), []) if code else []
        by_name = self._by_key.get(key, []) if key else []
        if kind in _COMMUNE_KINDS:
            by_name = [place for place in by_name if place.kind == kind] or by_name
        both = [place for place in by_code if place in by_name]
        return both or [*by_code, *by_name]

    def _narrowed(
        self, candidates: list[Place], district: str, day: date | None
    ) -> Sequence[Place]:
        """Leave out namesakes; a named district speaks louder than what is in force."""
        wanted: list[Callable[[Place], bool]] = []
        if district:
            key = place_key(district)
            wanted.append(lambda place: bool(place.above) and place_key(place.above) == key)
        if day:
            wanted.append(lambda place: place.holds_on(day))
        wanted += [lambda place: place.holds_on(self._today), lambda place: place.in_reach]
        for is_wanted in wanted:
            candidates = [place for place in candidates if is_wanted(place)] or candidates
        return candidates

    def _heirs(self, place: Place) -> set[Place]:
        heirs: set[Place] = set()
        waiting, seen = [place.id], {place.id}
        while waiting:
            for following in self._successors.get(waiting.pop(), ()):
                heir = self.by_id.get(following)
                if heir is None or following in seen:
                    continue
                seen.add(following)
                if heir.holds_on(self._today):
                    heirs.add(heir)
                else:
                    waiting.append(following)
        return heirs

    def _alike(self, text: str) -> tuple[Place, ...]:
        current = [place for place in self.by_id.values() if place.holds_on(self._today)]
        return most_alike(text, [place for place in current if place.in_reach] or current)


class HamletFinder:
    """Finds hamlets and residential clusters within a commune.

    >>> one = Place(11, "Ấp Tân Thạnh", "ấp", "tân thạnh", date(2025, 7, 1), commune=2)
    >>> two = Place(12, "Ấp 2", "ấp", "2", date(2025, 7, 1), commune=2)
    >>> finder = HamletFinder([one, two])
    >>> finder.find("A. TÂN THẠNH", 2).place.id, finder.find("ấp II", 2).place.id
    (11, 12)
    >>> finder.find("Trụ điện số 5, gần chợ ấp Tân Thạnh", 2).place.id
    11
    >>> finder.find("Tân Thạn", 2).status, finder.find("Tân Thạn", 2).candidates[0].id
    ('unknown', 11)
    """

    def __init__(self, hamlets: Iterable[Place]) -> None:
        self.by_id: dict[int, Place] = {}
        self._by_commune: dict[int, list[Place]] = defaultdict(list)
        self._by_key: dict[tuple[int, str], list[Place]] = defaultdict(list)
        for place in hamlets:
            self.by_id[place.id] = place
            self._by_commune[place.commune].append(place)
            self._by_key[place.commune, place.key].append(place)
        self._found: dict[tuple[str, int], Finding] = {}

    def find(self, text: str, commune: int) -> Finding:
        """Find the hamlet that a text names: as a whole, in one of its parts, or inside it."""
        if not text.strip():
            return Finding(BLANK)
        if (text, commune) not in self._found:
            self._found[text, commune] = self._search(text, commune)
        return self._found[text, commune]

    def mentioned(self, text: str, commune: int, *, kind_may_lack: bool = False) -> Place | None:
        """The hamlet whose name, with the word for its kind, stands somewhere in a text.

        ``kind_may_lack`` lets a name of two words or more stand alone, as in "Cụm loa Tân Mỹ".
        """
        words = place_key(f": {text}").split()
        mentioned = [
            place
            for place in self._by_commune.get(commune, ())
            if _contains(words, [*place.kind.split(), *place.key.split()])
            or (kind_may_lack and " " in place.key and _contains(words, place.key.split()))
        ]
        mentioned.sort(key=lambda place: -len(place.key))
        if len(mentioned) > 1 and len(mentioned[0].key) == len(mentioned[1].key):
            return None
        return mentioned[0] if mentioned else None

    def _search(self, text: str, commune: int) -> Finding:
        for part in (text, *(part for part in _PARTS.split(text) if part)):
            places = self._named(part, commune)
            if len(places) == 1:
                return Finding(FOUND, places[0])
            if places:
                return Finding(AMBIGUOUS, candidates=tuple(places))
        mentioned = self.mentioned(text, commune)
        if mentioned:
            return Finding(FOUND, mentioned)
        return Finding(UNKNOWN, candidates=most_alike(text, self._by_commune.get(commune, ())))

    def _named(self, text: str, commune: int) -> list[Place]:
        places = self._by_key.get((commune, place_key(text)), [])
        kind = split_kind(text)[0]
        return [place for place in places if place.kind == kind] or places


def most_alike(text: str, places: Iterable[Place]) -> tuple[Place, ...]:
    """The places whose names are most like a text, the best first."""
    bare = split_kind(text)[1]
    scored = [(similarity(bare, split_kind(place.name)[1]), place) for place in places]
    scored = [pair for pair in scored if pair[0] >= _WORTH_SUGGESTING]
    scored.sort(key=lambda pair: (-pair[0], pair[1].name))
    return tuple(place for _score, place in scored[:_SUGGESTIONS])


def _bare_code(code: str) -> str:
    return str(code).strip().removesuffix(".0").lstrip("0")


def _contains(words: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether ``wanted`` stands in ``words`` as a whole name: "ấp 1" not in "ấp 1 a 2"."""
    for start in range(len(words) - len(wanted) + 1):
        end = start + len(wanted)
        if words[start:end] == list(wanted):
            following = words[end] if end < len(words) else ""
            if not following.isdigit():
                return True
    return False
