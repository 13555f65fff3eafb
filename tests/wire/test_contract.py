"""The contract's own rules: what is decoded, what is refused, what a signature covers."""

from __future__ import annotations

import doctest
import importlib
import json
import pkgutil
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ttcs_wire
from ttcs_wire.contract import (
    COMMAND_STATES,
    Command,
    Refused,
    decode,
    moves_forward,
    new_device_code,
    to_milliseconds,
)
from ttcs_wire.keys import BridgeKeys
from ttcs_wire.sealing import seal, unseal
from ttcs_wire.signing import Verifier, public_key
from ttcs_wire.store.ranges import as_multirange

MODULES = [
    module.name
    for module in pkgutil.walk_packages(ttcs_wire.__path__, "ttcs_wire.")
    if not module.name.endswith("__main__")
]
NOW = datetime(2026, 11, 24, 8, 0)


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("tele", b""),
        ("tele", b"[]"),
        ("tele", b"\xff\xfe"),
        ("tele", b"{" * 50_000),
        ("tele", b"[" * 60_000),
        ("tele", b'{"boot": 1, "seq": 1}'),
        ("tele", b'{"boot": -1, "seq": 1, "ts": 1}'),
        ("tele", b'{"boot": 1, "seq": 99999999999, "ts": 1}'),
        ("tele", b'{"boot": 1, "seq": 1, "ts": 1e400}'),
        ("tele", b'{"boot": 1, "seq": 1, "ts": 1, "temp": NaN}'),
        ("tele", b'{"boot": 1, "seq": 1, "ts": 1, "vol": 101}'),
        ("tele", b'{"boot": 1, "seq": 1, "ts": 1, "flt": ["rm -rf"]}'),
        ("tele", json.dumps([{"boot": 1, "seq": n, "up": n} for n in range(501)]).encode()),
        ("evt", b'{"boot": 1, "seq": 1, "ts": 1, "kind": "unlink"}'),
        ("evt", b'{"boot": 1, "seq": 1, "ts": 1, "kind": "button", "detail": "\\u0000"}'),
        ("state", b'{"on": "yes", "boot": 1, "link": 1}'),
        ("ack", b'{"id": "1; DROP TABLE", "st": "done"}'),
        ("ack", b'{"id": "01234567-89ab-cdef-0123-456789abcdef", "st": "queued"}'),
    ],
)
def test_what_breaks_a_limit_is_malformed(kind, payload):
    with pytest.raises(Refused, match="malformed"):
        decode(kind, payload)


@given(st.sampled_from(["tele", "evt", "state", "ack"]), st.binary(max_size=200))
def test_no_bytes_do_more_than_be_refused(kind, payload):
    try:
        decode(kind, payload)
    except Refused as refusal:
        assert refusal.reason == "malformed"


def test_an_oversized_message_is_told_apart():
    with pytest.raises(Refused, match="oversized"):
        decode("tele", b" " * 65_537)


@given(st.lists(st.integers(0, 500)), st.integers(0, 500))
def test_runs_hold_the_numbers_and_nothing_else(numbers, below):
    text = as_multirange(numbers, below=below)
    runs = json.loads(text.replace("{", "[").replace("}", "]").replace(")", "]"))
    held = {number for first, end in runs for number in range(first, end)}
    assert held == set(numbers) | set(range(below))
    assert all(runs[n][1] < runs[n + 1][0] for n in range(len(runs) - 1))


@given(st.lists(st.sampled_from(list(COMMAND_STATES)), max_size=12))
def test_a_command_never_goes_back_and_never_leaves_its_end(told):
    state = "queued"
    for new in told:
        before = state
        if moves_forward(state, new):
            state = new
        assert COMMAND_STATES[state] >= COMMAND_STATES[before]
        assert COMMAND_STATES[before] < 9 or state == before


@pytest.fixture(scope="module")
def keys():
    return BridgeKeys.make()


def command(device, **values):
    values = {
        "id": "01234567-89ab-cdef-0123-456789abcdef",
        "operation": "volume",
        "not_before": NOW,
        "expires": NOW + timedelta(minutes=5),
        "arguments": {"level": 30},
        **values,
    }
    return Command(device=device, **values)


def verifier(device, keys):
    told = keys.told()["keys"]
    return Verifier(device, {name: public_key(text) for name, text in told.items()})


def test_of_more_than_a_thousand_forgeries_none_is_accepted(keys):
    """Every byte of the envelope changed in turn, and every way to misuse a true one."""
    device, other = new_device_code(), new_device_code()
    now = to_milliseconds(NOW)
    body = command(device).body()
    true = keys.signer().envelope("cmd", body)
    assert verifier(device, keys).command(true, now)["op"] == "volume"
    stranger = BridgeKeys.make()
    forged = [
        true[:place] + bytes([true[place] ^ bit]) + true[place + 1 :]
        for place in range(len(true))
        for bit in (1, 4, 32, 128)
    ]
    forged += [true[:length] for length in range(len(true))]
    forged += [
        stranger.signer().envelope("cmd", body),
        keys.signer().envelope("cfg", body),
        keys.signer().envelope("cmd", command(other).body()),
        true.replace(b'"k1"', b'"k2"'),
        true.replace(b'"sig":"', b'"sig":"A'),
    ]
    accepted = [payload for payload in forged if _accepts(verifier(device, keys), payload, now)]
    assert len(forged) > 1_000
    assert [payload for payload in accepted if payload != true] == []


def _accepts(checker, payload, now):
    try:
        checker.command(payload, now)
    except Refused:
        return False
    return True


@pytest.mark.parametrize(
    ("values", "now", "test_mode", "reason"),
    [
        ({}, NOW - timedelta(seconds=1), False, "too-early"),
        ({}, NOW + timedelta(minutes=5), False, "expired"),
        ({"mode": "exercise"}, NOW, False, "not-in-test-mode"),
        ({"mode": "test"}, NOW, False, "not-in-test-mode"),
        ({"mode": "actual"}, NOW, True, None),
        ({"mode": "exercise"}, NOW, True, None),
    ],
)
def test_a_true_command_is_carried_out_only_in_its_time_and_mode(
    keys, values, now, test_mode, reason
):
    device = new_device_code()
    payload = keys.signer().envelope("cmd", command(device, **values).body())
    try:
        verifier(device, keys).command(payload, to_milliseconds(now), test_mode=test_mode)
        assert reason is None
    except Refused as refusal:
        assert refusal.reason == reason


def test_a_replay_is_known_also_after_its_time(keys):
    device = new_device_code()
    payload = keys.signer().envelope("cmd", command(device).body())
    checker = verifier(device, keys)
    assert not checker.command(payload, to_milliseconds(NOW))["repeated"]
    later = to_milliseconds(NOW + timedelta(hours=1))
    assert checker.command(payload, later)["repeated"]


def test_a_sealed_password_opens_for_its_bridge_and_device_alone(keys):
    device = new_device_code()
    sealed = seal("mật khẩu", device, keys.sealing.public_key().public_bytes_raw())
    assert unseal(sealed, device, keys.sealing) == "mật khẩu"
    assert b"kh" not in sealed
    for wrong in (
        lambda: unseal(sealed, new_device_code(), keys.sealing),
        lambda: unseal(sealed, device, BridgeKeys.make().sealing),
        lambda: unseal(sealed[:-1] + bytes([sealed[-1] ^ 1]), device, keys.sealing),
        lambda: unseal(b"", device, keys.sealing),
    ):
        with pytest.raises(Refused, match="forged"):
            wrong()
