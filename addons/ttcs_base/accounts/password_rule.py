"""What a password must be, in the spirit of NIST SP 800-63B: long, and not one that others try."""

from __future__ import annotations

from ..text.vietnamese import fold

LEAST_LENGTH = 10
MOST_LENGTH = 128
_LEAST_DIFFERENT = 5
_FIRST_TRIED = (
    "password",
    "matkhau",
    "123456",
    "abc123",
    "qwerty",
    "iloveyou",
    "anhyeuem",
    "vietnam",
    "admin",
)
_SEQUENCES = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")


def password_fault(password: str, login: str = "") -> str | None:
    """Why a password is refused: "short", "long", "login", "simple"; None for a good one.

    >>> password_fault("Cụm loa ấp 3 hát to")
    >>> [password_fault(each) for each in ("ngan", "1234567890", "Matkhau@2024", "aaaaaaaaaab")]
    ['short', 'simple', 'simple', 'simple']
    >>> password_fault("mai.tran.2024", "mai.tran@ttcs.example")
    'login'
    """
    if len(password) < LEAST_LENGTH:
        return "short"
    if len(password) > MOST_LENGTH:
        return "long"
    bare = fold(password).replace(" ", "")
    name = fold(login).partition("@")[0]
    if len(name) >= 4 and name in bare:
        return "login"
    if len(set(bare)) < _LEAST_DIFFERENT or _is_simple(bare):
        return "simple"
    return None


def _is_simple(bare: str) -> bool:
    """Whether little is left once the words and rows of keys that everybody tries are gone."""
    rest = bare
    for word in _FIRST_TRIED:
        rest = rest.replace(word, "")
    for sequence in _SEQUENCES:
        for length in range(len(sequence), 3, -1):
            for start in range(len(sequence) - length + 1):
                rest = rest.replace(sequence[start : start + length], "")
    return len(rest) < len(bare) and len(rest) < LEAST_LENGTH
