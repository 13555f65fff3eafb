"""Tag codes: what a QR label holds, who may have made it, and what a scanner read.

A code is 18 symbols of Crockford's base 32: a random identifier of 10 symbols (50 bits) and
a message authentication code of 8 symbols (40 bits).  The identifier says nothing about the
asset, the database or the order of issue.  The authentication code lets junk and forgeries
be turned away before any database read, and catches a mistyped symbol.

A printed plate outlives servers, so the keys live in a file of their own, not in a database:
:class:`KeyRing` signs with its newest key and accepts every key it still holds.

>>> ring = KeyRing({1: bytes(range(32))})
>>> ring.sign("0123456789")
'0123456789ZK5GAR25'
>>> ring.verify("o1234-56789 zk5gar25")
'0123456789'
>>> ring.verify("0123456789ZK5GAR24") is None
True
"""

from __future__ import annotations

import hmac
import json
import os
import re
import secrets
from collections.abc import Collection, Mapping
from pathlib import Path
from random import Random
from typing import Literal, NamedTuple

# Digits and capitals without I, L, O (read as 1, 1, 0) and U: Crockford's base 32, 2002.
SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BITS_PER_SYMBOL = 5
IDENTIFIER_LENGTH = 10
IDENTIFIER_BITS = BITS_PER_SYMBOL * IDENTIFIER_LENGTH
MAC_LENGTH = 8
CODE_LENGTH = IDENTIFIER_LENGTH + MAC_LENGTH
GROUPS = (5, 5, 4, 4)

# Another purpose of the same key would need another prefix: no code can serve for both.
MESSAGE_PREFIX = b"ttcs-tag-v1"
# Each kept key is one more guess in 2**40 for a forger; eight still leave one in 10**11.
LARGEST_RING = 8
SECRET_LENGTH = 32
SHORTEST_SECRET = 16

# Longer than any code with a separator after each symbol: junk is refused unread.
LONGEST_SPELLING = 64
LONGEST_SCAN = 2048
SEPARATORS = " \t\r\n\u00a0-\u2010\u2011\u2012\u2013\u2014"
DEFAULT_PORTS = (":80", ":443")

_FOLDING = str.maketrans(
    {
        **{symbol.lower(): symbol for symbol in SYMBOLS},
        **dict.fromkeys("Oo", "0"),
        **dict.fromkeys("IiLl", "1"),
        **dict.fromkeys(SEPARATORS, ""),
    }
)
_ALPHABET = frozenset(SYMBOLS)
# Deliberately stricter than a URL parser: no user part, no backslash, no percent escapes.
_ADDRESS = re.compile(
    r"(?:[Hh][Tt][Tt][Pp][Ss]?://)?"
    r"(?P<host>[A-Za-z0-9.-]{1,253}(?::[0-9]{1,5})?)"
    r"/[Aa]/(?P<code>[^/?#\\@%]{18,64})/?(?:[?#].*)?",
    re.DOTALL,
)


class KeyRingError(ValueError):
    """The key ring cannot be read, written or changed as asked; the text says why."""


class ScannedText(NamedTuple):
    """What a scanner read.

    ``kind`` is ``ours`` for a tag address on one of our hosts and for a bare code, else
    ``foreign``.  ``code`` is the canonical code when there is one; with ``foreign`` it means
    a tag of ours copied to another host: an imitation to be warned about.  Neither says that
    the code is genuine: only :meth:`KeyRing.verify` does, and a bare text that it refuses may
    still be someone else's barcode of 18 digits.
    """

    kind: Literal["ours", "foreign"]
    code: str | None


def encode_symbols(value: int, length: int) -> str:
    """Write a number in base 32, most significant symbol first, padded to ``length``.

    >>> encode_symbols(1023, 4)
    '00ZZ'
    """
    if value < 0 or value >> (BITS_PER_SYMBOL * length):
        raise ValueError(f"{value} does not fit in {length} symbols of base 32.")
    shifts = range(BITS_PER_SYMBOL * (length - 1), -1, -BITS_PER_SYMBOL)
    return "".join(SYMBOLS[(value >> shift) & 31] for shift in shifts)


def fold_symbols(text: str, length: int) -> str | None:
    """Give the one canonical spelling, or ``None`` when it is not ``length`` symbols.

    Case is folded, O reads as 0, I and L as 1; hyphens and spaces do not count.

    >>> fold_symbols(" il-oz ", 4)
    '110Z'
    """
    if len(text) > LONGEST_SPELLING:
        return None
    symbols = text.translate(_FOLDING)
    return symbols if len(symbols) == length and _ALPHABET.issuperset(symbols) else None


def new_identifier(random: Random | None = None) -> str:
    """Draw 50 random bits as 10 symbols.

    ``random`` is for tests that must repeat; by default the system's secure source.
    The caller keeps identifiers unique (a million tags: one collision in 2,000 provinces).
    """
    source = random or secrets.SystemRandom()
    return encode_symbols(source.getrandbits(IDENTIFIER_BITS), IDENTIFIER_LENGTH)


def grouped_code(code: str) -> str:
    """Split a code into groups that can be read aloud; the second half is what protects it.

    >>> grouped_code("0123456789ZK5GAR25")
    '01234 56789 ZK5G AR25'
    """
    ends = [sum(GROUPS[: index + 1]) for index in range(len(GROUPS))]
    return " ".join(code[end - length : end] for end, length in zip(ends, GROUPS, strict=True))


def tag_address(host: str, code: str) -> str:
    """The address to print: all capitals, because QR packs those in 5.5 bits a character.

    >>> tag_address("qr.dongthap.gov.vn", "0123456789ZK5GAR25")
    'HTTPS://QR.DONGTHAP.GOV.VN/A/0123456789ZK5GAR25'
    """
    return f"HTTPS://{host.upper()}/A/{code}"


def scanned_code(text: str, hosts: Collection[str]) -> ScannedText:
    """Find the tag code in what a scanner read: a tag address on any host, or the bare code.

    ``hosts`` are the names we print or ever printed, with the port where it is unusual.

    >>> scanned_code("https://QR.example.vn/a/0123456789zk5gar25?x=1", ["qr.example.vn"])
    ScannedText(kind='ours', code='0123456789ZK5GAR25')
    >>> scanned_code("HTTPS://QR.EXAMPLE.VN.EVIL.COM/A/0123456789ZK5GAR25", ["qr.example.vn"])
    ScannedText(kind='foreign', code='0123456789ZK5GAR25')
    >>> scanned_code("8934563138165", ["qr.example.vn"])
    ScannedText(kind='foreign', code=None)
    """
    if len(text) > LONGEST_SCAN:
        return ScannedText("foreign", None)
    bare = fold_symbols(text, CODE_LENGTH)
    if bare:
        return ScannedText("ours", bare)
    address = _ADDRESS.fullmatch(text.strip())
    code = fold_symbols(address["code"], CODE_LENGTH) if address else None
    if not address or not code:
        return ScannedText("foreign", None)
    known = _host_key(address["host"]) in {_host_key(host) for host in hosts}
    return ScannedText("ours" if known else "foreign", code)


def _host_key(host: str) -> str:
    host = host.lower()
    for port in DEFAULT_PORTS:
        host = host.removesuffix(port)
    return host


class KeyRing:
    """Numbered secrets that make and check tag codes; the highest number is the newest.

    Dropping a key kills every plate printed with it, so nothing is ever dropped by itself.

    :param keys: key number (from 1) to secret (at least 16 bytes), one to eight of them
    :raises KeyRingError: when that does not hold
    """

    def __init__(self, keys: Mapping[int, bytes]) -> None:
        if not 1 <= len(keys) <= LARGEST_RING:
            raise KeyRingError(f"A key ring holds 1 to {LARGEST_RING} keys, not {len(keys)}.")
        for number, secret in keys.items():
            if number < 1:
                raise KeyRingError(f"Key number {number} is not 1 or more.")
            if len(secret) < SHORTEST_SECRET:
                raise KeyRingError(
                    f"Key {number} has {len(secret)} bytes; {SHORTEST_SECRET} is the least."
                )
        self._secrets = dict(sorted(keys.items()))

    def __repr__(self) -> str:
        return f"<KeyRing with keys {', '.join(map(str, self._secrets))}>"

    @classmethod
    def generate(cls) -> KeyRing:
        """Make a ring with one new random key."""
        return cls({1: secrets.token_bytes(SECRET_LENGTH)})

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> KeyRing:
        """Read the ring that :meth:`save` wrote.

        :raises KeyRingError: when there is no such file or it is not a key ring
        """
        try:
            content = json.loads(Path(path).read_text(encoding="ascii"))
            keys = {int(key["number"]): bytes.fromhex(key["secret"]) for key in content["keys"]}
            doubled = len(keys) < len(content["keys"])
        except OSError as error:
            raise KeyRingError(f"Cannot read the key ring {path}: {error.strerror}.") from error
        except (ValueError, KeyError, TypeError) as error:
            # The cause would quote the file: its secrets must not reach a log.
            kind = type(error).__name__
            raise KeyRingError(f"The file {path} is not a key ring ({kind}).") from None
        if doubled:
            raise KeyRingError(f"The key ring {path} has the same key number twice.")
        return cls(keys)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the ring as JSON, readable by its owner only, whole or not at all.

        :raises KeyRingError: when the file cannot be written
        """
        path = Path(path)
        keys = [
            {"number": number, "secret": secret.hex()} for number, secret in self._secrets.items()
        ]
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as stream:
                json.dump({"keys": keys}, stream, indent=1)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(draft, path)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise KeyRingError(f"Cannot write the key ring {path}: {error.strerror}.") from error

    @property
    def numbers(self) -> tuple[int, ...]:
        """The key numbers, oldest first."""
        return tuple(self._secrets)

    @property
    def newest(self) -> int:
        """The number of the key that signs."""
        return self.numbers[-1]

    def rotated(self) -> KeyRing:
        """The same ring with a new key, which signs from now on; old plates stay valid.

        :raises KeyRingError: when the ring is full
        """
        if len(self._secrets) == LARGEST_RING:
            raise KeyRingError(
                f"The ring is full ({LARGEST_RING} keys): drop a key of which no plate is left."
            )
        return KeyRing({**self._secrets, self.newest + 1: secrets.token_bytes(SECRET_LENGTH)})

    def without(self, number: int) -> KeyRing:
        """The same ring less one old key: every plate made with that key is refused.

        :raises KeyRingError: when the key is not there or is the one that signs
        """
        if number not in self._secrets:
            raise KeyRingError(f"There is no key {number}; the ring holds {self.numbers}.")
        if number == self.newest:
            # Its number would be given again, to another secret.
            raise KeyRingError(f"Key {number} signs: rotate the ring before dropping it.")
        return KeyRing({old: key for old, key in self._secrets.items() if old != number})

    def sign(self, identifier: str) -> str:
        """Make the code of an identifier with the newest key.

        :raises ValueError: when the identifier is not 10 canonical symbols
        """
        if fold_symbols(identifier, IDENTIFIER_LENGTH) != identifier:
            raise ValueError(f"{identifier!r} is not an identifier of 10 base-32 symbols.")
        return identifier + _mac(self._secrets[self.newest], identifier)

    def verify(self, code: str) -> str | None:
        """Give the identifier of a genuine code, however spelled; ``None`` for all else.

        Which key made it is not written in the code: every kept key is tried.
        """
        symbols = fold_symbols(code, CODE_LENGTH)
        if symbols is None:
            return None
        identifier, mac = symbols[:IDENTIFIER_LENGTH], symbols[IDENTIFIER_LENGTH:]
        for secret in self._secrets.values():
            if hmac.compare_digest(mac, _mac(secret, identifier)):
                return identifier
        return None


def _mac(secret: bytes, identifier: str) -> str:
    digest = hmac.digest(secret, MESSAGE_PREFIX + identifier.encode("ascii"), "sha256")
    return encode_symbols(int.from_bytes(digest[:5], "big"), MAC_LENGTH)
