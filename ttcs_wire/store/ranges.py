"""Runs of numbers, written as PostgreSQL writes its multiranges."""

from __future__ import annotations

from collections.abc import Iterable


def as_multirange(numbers: Iterable[int], *, below: int = 0) -> str:
    """The numbers, and with ``below`` all those under it too, as an ``int4multirange``.

    >>> as_multirange([5, 3, 4, 9, 9])
    '{[3,6),[9,10)}'
    >>> as_multirange([5], below=4), as_multirange([3, 4, 7], below=4), as_multirange([])
    ('{[0,4),[5,6)}', '{[0,5),[7,8)}', '{}')
    """
    runs: list[list[int]] = [[0, below]] if below else []
    for number in sorted(set(numbers)):
        if runs and number < runs[-1][1]:
            continue
        if runs and number == runs[-1][1]:
            runs[-1][1] = number + 1
        else:
            runs.append([number, number + 1])
    return "{" + ",".join(f"[{first},{end})" for first, end in runs) + "}"
