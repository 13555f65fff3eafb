"""Asset codes when assets come to an agency that has the same codes already.

Two communes that number their clusters CL-001, CL-002 … become one, or one gives assets to the
other: what stands there keeps its code, and who arrives gets the next free number behind it.
"""

from __future__ import annotations

from collections.abc import Iterable


def codes_on_arrival(
    arriving: Iterable[tuple[int, str, int]], taken: dict[int, set[str]]
) -> dict[int, str]:
    """New codes of those of the arriving assets that cannot keep theirs.

    :param arriving: ``(id of the asset, its code, id of the agency it comes to)``; of two with
        one code the first keeps it
    :param taken: codes by agency; no new code is one of any agency's, as an asset still bears
        it at the old agency when it leaves there

    >>> codes_on_arrival([(7, "CL-1", 1), (8, "CL-1", 1), (9, "CL-2", 1)], {1: {"CL-2"}})
    {8: 'CL-1.2', 9: 'CL-2.2'}
    >>> codes_on_arrival([(7, "CL-1", 1)], {1: {"CL-1"}, 2: {"CL-1.2"}})
    {7: 'CL-1.3'}
    """
    used = {agency: set(codes) for agency, codes in taken.items()}
    everywhere = set().union(*used.values())
    changed = {}
    for asset, code, agency in arriving:
        here = used.setdefault(agency, set())
        if code in here:
            number = 2
            while f"{code}.{number}" in everywhere:
                number += 1
            code = changed[asset] = f"{code}.{number}"
            everywhere.add(code)
        here.add(code)
    return changed
