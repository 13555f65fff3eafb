"""``python -m ttcs_wire.contract.schemas FOLDER``: the messages as JSON Schemas, for vendors."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from .messages import (
    MAX_SAMPLES,
    Acknowledgement,
    Configuration,
    DeviceState,
    Event,
    Sample,
    Schedule,
    Seen,
)

Samples = Annotated[list[Sample], Meta(min_length=1, max_length=MAX_SAMPLES)]
SCHEMAS = {
    "up-state": DeviceState,
    "up-tele": Sample | Samples,
    "up-evt": Event,
    "up-ack": Acknowledgement,
    "down-seen": Seen,
    "down-cfg-body": Configuration,
    "down-sched-body": Schedule,
}


def schema(name: str) -> dict:
    """The JSON Schema of a message.

    >>> schema("up-ack")["$schema"]
    'https://json-schema.org/draft/2020-12/schema'
    """
    made = msgspec.json.schema(SCHEMAS[name])
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": name, **made}


def text(name: str) -> str:
    """The file of a message's schema."""
    return json.dumps(schema(name), indent=2, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    for name in SCHEMAS:
        (folder / f"{name}.json").write_text(text(name), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
