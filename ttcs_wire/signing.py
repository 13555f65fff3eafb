"""Signatures on what goes down to a device, and the check that a device makes.

Ed25519: a device holds only public keys, so neither a stolen device nor a copy of the database can
make a loudspeaker speak.  What is signed is ``ttcs/v1/<kind>``, a line feed and the body as it
travels, so that a configuration can never pass for a command.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections import OrderedDict
from typing import Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from .contract import MAX_MESSAGE_BYTES, Refused
from .contract.commands import MODES, check_times

REMEMBERED_COMMANDS = 256


class Envelope(msgspec.Struct, frozen=True):
    """How a signed body travels: ``sig`` is base64url without padding."""

    key: str
    body: str
    sig: str


class Signer:
    """Signs with one private key."""

    def __init__(self, key: str, private: Ed25519PrivateKey) -> None:
        self.key = key
        self._private = private

    def envelope(self, kind: str, body: str) -> bytes:
        """The payload to publish for a body."""
        signature = self._private.sign(signed_bytes(kind, body))
        return msgspec.json.encode(Envelope(self.key, body, to_text(signature)))


class Verifier:
    """What a device does with a signed payload before it does anything else.

    :param keys: public keys by their name, as enrolment and ``down/cfg`` gave them
    """

    def __init__(self, device: str, keys: dict[str, Ed25519PublicKey]) -> None:
        self.device = device
        self.keys = keys
        self._known: OrderedDict[str, None] = OrderedDict()

    def command(self, payload: bytes, now: int, *, test_mode: bool = False) -> dict[str, Any]:
        """The body of a command that this device may carry out now (milliseconds).

        A command seen before has ``repeated`` true: it is answered again, not carried out.

        :raises Refused: with the word that the device answers in ``up/ack``
        """
        body = self.body("cmd", payload)
        if not {"id", "op", "args", "mode", "nbf", "exp"} <= body.keys():
            raise Refused("malformed")
        if not isinstance(body["nbf"], int) or not isinstance(body["exp"], int):
            raise Refused("malformed")
        repeated = body["id"] in self._known
        if not repeated:
            check_times(body["nbf"], body["exp"], now)
            if body["mode"] not in MODES:
                raise Refused("malformed")
            if body["mode"] != "actual" and not test_mode:
                raise Refused("not-in-test-mode")
            self.remember(body["id"])
        return {**body, "repeated": repeated}

    def body(self, kind: str, payload: bytes) -> dict[str, Any]:
        """The signed body, if signature and addressee are right.

        :raises Refused: ``malformed``, ``unknown-key``, ``forged`` or ``misaddressed``
        """
        if len(payload) > MAX_MESSAGE_BYTES:
            raise Refused("oversized")
        try:
            envelope = msgspec.json.decode(payload, type=Envelope)
            signature = from_text(envelope.sig)
        except (msgspec.DecodeError, binascii.Error, UnicodeError, RecursionError):
            raise Refused("malformed") from None
        public = self.keys.get(envelope.key)
        if public is None:
            raise Refused("unknown-key")
        try:
            public.verify(signature, signed_bytes(kind, envelope.body))
        except InvalidSignature:
            raise Refused("forged") from None
        body = json.loads(envelope.body)
        if body.get("dev") != self.device:
            raise Refused("misaddressed")
        return body

    def remember(self, identifier: str) -> None:
        """Take a command for carried out from now on; the oldest are forgotten."""
        self._known[identifier] = None
        while len(self._known) > REMEMBERED_COMMANDS:
            self._known.popitem(last=False)


def signed_bytes(kind: str, body: str) -> bytes:
    """What the signature is made over.

    >>> signed_bytes("cmd", "{}")
    b'ttcs/v1/cmd\\n{}'
    """
    return f"ttcs/v1/{kind}\n{body}".encode()


def to_text(data: bytes) -> str:
    """Base64url without padding.

    >>> to_text(b"\\xff\\xfe")
    '__4'
    """
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_text(text: str) -> bytes:
    """The bytes of ``to_text``; only the one text that ``to_text`` gives for them is taken.

    >>> from_text("__4")
    b'\\xff\\xfe'
    """
    data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if to_text(data) != text:
        raise binascii.Error("another spelling of the same bytes")
    return data


def public_key(text: str) -> Ed25519PublicKey:
    """A public key from its 32 bytes in base64url."""
    return Ed25519PublicKey.from_public_bytes(from_text(text))
