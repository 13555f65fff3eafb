"""Foreign words, whatever they are: read, or refused with a reason, never anything else."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttcs_wire.contract import Refused
from ttcs_wire.gateway import capabilities, read_settings
from ttcs_wire.gateway.heartbeat import read_heartbeat
from ttcs_wire.gateway.mapping import Place, RecordMapping, pick, translate

NOW = datetime(2026, 11, 24, 8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
NAMES = ("time", "online", "playing", "title", "firmware", "volume", "signal", "runtime", "faults")
MAPPING = RecordMapping(code="code", fields={name: Place(name) for name in NAMES})


@given(st.dictionaries(st.sampled_from([*NAMES, "code"]), JSON))
def test_any_record_is_translated_or_refused(record):
    try:
        state, sample = translate(record, MAPPING, NOW, 1)
    except Refused as refusal:
        assert refusal.reason == "malformed"
    else:
        assert state.boot == sample.boot == 1
        assert sample.vol is None or 0 <= sample.vol <= 100


@given(st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_heartbeat_is_read_or_refused(payload):
    try:
        code, _state, sample = read_heartbeat(payload, NOW)
    except Refused as refusal:
        assert refusal.reason in ("malformed", "unnamed", "oversized")
    else:
        assert code and sample.ts is not None


@given(JSON, st.text(max_size=30))
def test_any_path_leads_somewhere_or_nowhere(record, path):
    pick(record, path)


@given(st.sampled_from(["push", "poll", "file", "heartbeat", "other"]), JSON)
def test_any_settings_are_taken_or_refused(kind, settings):
    try:
        read_settings(kind, settings)
    except Refused as refusal:
        assert refusal.reason
    else:
        assert capabilities(kind, settings) is not None


@pytest.mark.parametrize(
    ("place", "value", "read"),
    [
        (Place("volume", scale=6.67), 9, 60),
        (Place("volume"), "45,4", 45),
        (Place("volume", values={"to": "80"}), "to", 80),
    ],
)
def test_a_volume_is_counted_as_the_settings_say(place, value, read):
    mapping = RecordMapping(code="code", fields={"volume": place})
    assert translate({"volume": value}, mapping, NOW, 1)[1].vol == read


@pytest.mark.parametrize(
    ("value", "style"),
    [
        ("2026-11-24T15:00:00+07:00", "iso"),
        (1795507200, "seconds"),
        ("1795507200000", "milliseconds"),
        ("24/11/2026 08:00", "%d/%m/%Y %H:%M"),
    ],
)
def test_a_time_is_read_in_each_of_its_styles(value, style):
    mapping = RecordMapping(code="code", fields={"time": Place("at", format=style)})
    assert translate({"at": value}, mapping, NOW, 1)[1].ts == 1_795_507_200_000


def test_a_file_without_times_is_refused_because_it_would_be_doubled():
    mapping = {"code": "id", "fields": {"volume": {"path": "vol"}}}
    with pytest.raises(Refused):
        read_settings("file", {"folder": "x", "mapping": mapping})
