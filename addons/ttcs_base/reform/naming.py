"""Names of hamlets in the commune that several communes were merged into.

Merged communes bring several "Ấp 1" each; a commune has one part of a name and kind, so those
that meet keep the name of their old commune in brackets until a decision renames them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Arriving:
    """A hamlet on its way: ``parent`` and ``kind`` are those that it will have."""

    parent: Hashable
    kind: Hashable
    key: str
    name: str
    former_parent: str


def names_in_new_parent(
    arriving: Sequence[Arriving], taken: Collection[tuple[Hashable, Hashable, str]] = ()
) -> list[str]:
    """The names of the arriving hamlets, told apart where they would be the same.

    :param taken: parent, kind and key of the hamlets that are there already

    >>> hamlets = [
    ...     Arriving("C", "ấp", "1", "1", "Xã A"),
    ...     Arriving("C", "ấp", "1", "1", "Xã B"),
    ...     Arriving("C", "khóm", "1", "1", "Xã B"),
    ... ]
    >>> names_in_new_parent(hamlets)
    ['1 (Xã A)', '1 (Xã B)', '1']
    >>> names_in_new_parent(hamlets[2:], {("C", "khóm", "1")})
    ['1 (Xã B)']
    """
    met = Counter((hamlet.parent, hamlet.kind, hamlet.key) for hamlet in arriving)
    met.update(taken)
    return [
        f"{hamlet.name} ({hamlet.former_parent})"
        if met[hamlet.parent, hamlet.kind, hamlet.key] > 1
        else hamlet.name
        for hamlet in arriving
    ]
