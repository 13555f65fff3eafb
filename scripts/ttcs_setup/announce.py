"""What set-up says to the person who runs it: one line a step, one line a refusal."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Refusal(Exception):
    """Set-up cannot go on; the text says in one line what is wrong and what to do."""


def say(text: str) -> None:
    print(text, flush=True)


@contextmanager
def step(text: str) -> Iterator[None]:
    """Announce a step, then how long it took."""
    print(f"==> {text}", flush=True)
    started = time.monotonic()
    yield
    elapsed = time.monotonic() - started
    if elapsed >= 1:
        print(f"    {elapsed:.0f} s", flush=True)


def refuse(error: Refusal) -> int:
    """Print a refusal and give the exit status for it."""
    print(f"ttcs: {error}", file=sys.stderr, flush=True)
    return 2
