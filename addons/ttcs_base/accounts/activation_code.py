"""One-time codes that a person types once, from paper, to open an account.

Ten symbols of Crockford's base 32 are 50 bits: at five tries an hour nobody guesses one within
its fourteen days.  Only a slow hash of it is stored.
"""

from __future__ import annotations

import secrets

from passlib.context import CryptContext

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10
GROUP = 5
_TYPED_FOR = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
_HASHES = CryptContext(schemes=["pbkdf2_sha512"], pbkdf2_sha512__rounds=60_000)


def new_code() -> str:
    """A random code as it is printed, in groups.

    >>> len(new_code()), new_code()[5]
    (11, '-')
    """
    symbols = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(symbols[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def canonical_code(typed: str) -> str:
    """The symbols of a code as somebody typed it: any case, any grouping, O for 0, I for 1.

    >>> canonical_code(" abco1-l2345 ")
    'ABC0112345'
    """
    kept = "".join(symbol for symbol in typed.upper() if symbol.isalnum())
    return kept.translate(_TYPED_FOR)


def hash_code(code: str) -> str:
    """The hash of a code, salted."""
    return _HASHES.hash(canonical_code(code))


def code_matches(typed: str, stored_hash: str | None) -> bool:
    """Whether a typed code is the one with this hash; as slow without a hash as with one.

    >>> code_matches("abcde-01234", hash_code("ABCDE-O1234"))
    True
    >>> code_matches("abcde-01235", None)
    False
    """
    if stored_hash is None:
        _HASHES.dummy_verify()
        return False
    return _HASHES.verify(canonical_code(typed)[:64], stored_hash)
