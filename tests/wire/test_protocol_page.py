"""``docs/device-protocol.md`` alone is enough: its examples are what the code takes and gives."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from wire_line import eventually

from ttcs_wire.contract import FAULT_CODES, decode
from ttcs_wire.contract.commands import MODES, OPERATIONS
from ttcs_wire.contract.messages import EventKind, Outcome, Source
from ttcs_wire.contract.schemas import SCHEMAS, text
from ttcs_wire.gateway import read_settings
from ttcs_wire.signing import Verifier, public_key

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "device-protocol.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"<!-- example: (\S+) -->\n```json\n(.*?)\n```", re.DOTALL)
EXAMPLES = EXAMPLE.findall(PAGE)


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schemas_are_those_of_the_code(name):
    assert (DOCS / "device-protocol" / f"{name}.json").read_text(encoding="utf-8") == text(name)


@pytest.mark.parametrize(("kind", "example"), [one for one in EXAMPLES if one[0][:3] == "up/"])
def test_the_examples_are_understood(kind, example):
    if kind == "up/batch":
        for item in json.loads(example):
            assert decode(item["kind"], json.dumps(item["body"]).encode())
    else:
        assert decode(kind.removeprefix("up/"), example.encode())


@pytest.mark.parametrize(
    ("kind", "example"), [one for one in EXAMPLES if one[0].startswith("settings/")]
)
def test_the_settings_of_the_page_can_be_used(kind, example):
    assert read_settings(kind.removeprefix("settings/"), json.loads(example))


def test_the_signed_example_verifies_with_the_key_of_the_page():
    (example,) = [text for kind, text in EXAMPLES if kind == "down/cmd"]
    (told,) = [json.loads(text) for kind, text in EXAMPLES if kind == "enrolment"]
    keys = {name: public_key(key) for name, key in told["keys"].items()}
    body = Verifier(told["dev"], keys).command(example.encode(), 1_790_000_001_000)
    assert body["op"] == "volume"


def test_every_word_of_the_contract_is_on_the_page():
    words = [*FAULT_CODES, *OPERATIONS, *MODES]
    words += [*EventKind.__args__, *Outcome.__args__, *Source.__args__]
    assert [word for word in words if f"`{word}`" not in PAGE] == []


def test_a_device_that_knows_only_plain_mqtt_is_served(wire):
    """mosquitto's own tools in the place of a device: no code of ours on that side."""
    (account,) = wire.enrol()
    root = os.environ.get("TTCS_BROKER_ROOT")
    folder = f"{root}/usr/bin/" if root else ""
    who = ["-h", "127.0.0.1", "-p", str(wire.port), "-u", account.code, "-P", account.password]
    who += ["-i", account.code]
    environment = wire.broker.environment
    listener = subprocess.Popen(
        [f"{folder}mosquitto_sub", *who, "-q", "1", "-c", "-C", "1", "-W", "30"]
        + ["-t", f"ttcs/v1/{account.code}/down/cmd"],
        env=environment,
        stdout=subprocess.PIPE,
    )
    command = wire.command(account.code)
    payload, _ = listener.communicate(timeout=40)
    body = json.loads(json.loads(payload)["body"])
    assert (body["id"], body["op"]) == (command, "volume")
    samples = [{"boot": 1, "seq": number, "up": number} for number in (1, 2)]
    for kind, message in (("tele", samples), ("ack", {"id": command, "st": "done"})):
        subprocess.run(
            [f"{folder}mosquitto_pub", *who, "-q", "1"]
            + ["-t", f"ttcs/v1/{account.code}/up/{kind}", "-m", json.dumps(message)],
            env=environment,
            check=True,
            timeout=20,
        )
    eventually(lambda: wire.state(command) == "done")
    eventually(lambda: wire.one("SELECT count(*) FROM ttcs_tele.sample") == 2)
