"""The permanent name of a device on the wire: opaque, random, never reused.

It is user name and client id at the broker at once.  It tells no place, owner or vendor, because
those change and the name does not.
"""

from __future__ import annotations

import re
import secrets

# Crockford's base 32 in lower case: no i, l, o, u, so it can be read out over a telephone.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
DEVICE_CODE = rf"[{ALPHABET}]{{16}}"
_WHOLE = re.compile(DEVICE_CODE)


def new_device_code() -> str:
    """A random code of 80 bits.

    >>> is_device_code(new_device_code())
    True
    """
    return "".join(secrets.choice(ALPHABET) for _ in range(16))


def is_device_code(text: str) -> bool:
    """Whether a text has the form of a device code.

    >>> is_device_code("0123456789abcdef")
    True
    >>> is_device_code("0123456789ABCDEF"), is_device_code("0123456789abcdel"), is_device_code("#")
    (False, False, False)
    """
    return _WHOLE.fullmatch(text) is not None
