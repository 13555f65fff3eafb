"""One-time codes for enrolment: short enough to type on a pole, too many to guess.

Ten symbols of Crockford's base 32 are 50 bits; a code lives for fifteen minutes and opens once.
"""

from __future__ import annotations

import hashlib
import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SYMBOLS = 10
# What people write for a symbol that they misread.
MISREAD = str.maketrans("OIL", "011")


def new_code() -> str:
    """A random code in two groups.

    >>> normal_code(new_code()) is not None
    True
    """
    symbols = "".join(secrets.choice(ALPHABET) for _ in range(SYMBOLS))
    return f"{symbols[:5]}-{symbols[5:]}"


def normal_code(text: str) -> str | None:
    """The symbols of a code as it may have been typed; None when it can be none.

    >>> normal_code(" abcde-12o45 "), normal_code("abcde"), normal_code("abcde-1234u")
    ('ABCDE12045', None, None)
    """
    symbols = re.sub(r"[\s-]", "", text[:40]).upper().translate(MISREAD)
    whole = len(symbols) == SYMBOLS and not set(symbols) - set(ALPHABET)
    return symbols if whole else None


def code_hash(code: str) -> str:
    """What the database keeps of a code.

    >>> code_hash("ABCDE-12045") == code_hash("abcde 12o45")
    True
    """
    return hashlib.sha256((normal_code(code) or "").encode()).hexdigest()
