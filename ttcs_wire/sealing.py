"""A secret for the bridge's eyes alone, in a table that others may read.

A device's password is made once, shown to the device, and must reach the broker.  Between the two
it lies in the database sealed: X25519 with a key made for this one secret, HKDF-SHA256,
ChaCha20-Poly1305; the name of the device is bound in, so a seal cannot be moved to another.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .contract import Refused

NONCE = bytes(12)  # each key is used for one message


def seal(secret: str, device: str, public: bytes) -> bytes:
    """The sealed form: 32 bytes of a public key made for it, then the sealed text.

    :param public: the bridge's X25519 public key, 32 bytes
    """
    own = X25519PrivateKey.generate()
    shared = own.exchange(X25519PublicKey.from_public_bytes(public))
    sealed = ChaCha20Poly1305(_key(shared)).encrypt(NONCE, secret.encode(), device.encode())
    return own.public_key().public_bytes_raw() + sealed


def unseal(sealed: bytes, device: str, private: X25519PrivateKey) -> str:
    """The secret again.

    :raises Refused: ``forged`` when it was sealed for another key or device, or changed
    """
    try:
        shared = private.exchange(X25519PublicKey.from_public_bytes(sealed[:32]))
        return ChaCha20Poly1305(_key(shared)).decrypt(NONCE, sealed[32:], device.encode()).decode()
    except (InvalidTag, ValueError):
        raise Refused("forged") from None


def _key(shared: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=None, info=b"ttcs/v1/credential").derive(shared)
