"""Takes the files that a vendor leaves in a folder: measurements, or messages of the contract.

A file is read in batches; once all of it is committed it goes to ``done/``.  A process that ends
in between reads it again from the start, and nothing is doubled: a record is told by its own time
and by a checksum of its line.  Lines that cannot be kept are listed in ``refused/<name>.txt`` for
whoever sent them; a file that cannot be read at all goes there whole.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import logging
import os
import threading
import time
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg

from ..contract import Refused, from_milliseconds
from ..contract.instants import plausible
from ..store import Received
from .keeper import Keeper, now
from .mapping import code_of, pick, translate
from .push import batch_message
from .settings import FileSettings

_log = logging.getLogger(__name__)

LOOK_EVERY = 2.0
# A file that nobody has written to for so long is whole.
QUIET_SECONDS = 2.0
BATCH = 500
LARGEST_FILE = 268_435_456
LONGEST_LINE = 65_536
MOST_REASONS = 1_000
WORDS = {
    "malformed": "Dòng sai định dạng hoặc có giá trị không hợp lệ.",
    "unnamed": "Dòng không có mã thiết bị.",
    "no-time": "Dòng không có thời điểm đo.",
    "future": "Thời điểm đo ở tương lai.",
    "too-old": "Thời điểm đo quá 30 ngày trước.",
    "unknown-device": "Mã thiết bị chưa được khai báo trong kết nối này.",
    "shut-out": "Thiết bị đã bị ngừng cho phép.",
    "oversized": "Dòng quá dài.",
    "too-large": "Tệp lớn hơn 256 MB.",
    "unreadable": "Tệp không đọc được: cần mã hóa UTF-8.",
}


class Files:
    """One folder; ``run`` until stopped."""

    def __init__(self, keeper: Keeper, settings: FileSettings, root: Path) -> None:
        self.keeper = keeper
        self.settings = settings
        self.folder = root / settings.folder
        self._stopping = threading.Event()

    def stop(self) -> None:
        self._stopping.set()

    def run(self) -> None:
        """Look into the folder again and again."""
        while not self._stopping.is_set():
            try:
                self._look()
            except psycopg.OperationalError as error:
                _log.warning("The database does not answer: %s", str(error).strip())
            except OSError as error:
                with contextlib.suppress(psycopg.OperationalError):
                    self.keeper.note_trouble(str(error))
            self._stopping.wait(LOOK_EVERY)

    def _look(self) -> None:
        for name in ("done", "refused"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        for path in sorted(self.folder.iterdir()):
            if self._stopping.is_set():
                return
            if _is_whole(path):
                self._take(path)

    def _take(self, path: Path) -> None:
        refused: list[tuple[int, str]] = []
        try:
            if path.stat().st_size > LARGEST_FILE:
                raise Refused("too-large")
            with path.open(encoding="utf-8-sig", newline="") as file:
                lines = self._messages(file)
                while batch := list(islice(lines, BATCH)):
                    reasons = self.keeper.keep(
                        [message for _, messages in batch for message in messages]
                    ).reasons
                    refused += _refused_lines(batch, reasons)
        except (Refused, UnicodeDecodeError, csv.Error) as error:
            reason = error.reason if isinstance(error, Refused) else "unreadable"
            self._report(path, [(0, reason)])
            os.replace(path, _free(self.folder / "refused" / path.name))
            return
        if refused:
            self._report(path, refused)
        os.replace(path, _free(self.folder / "done" / path.name))

    def _messages(self, file: io.TextIOBase) -> Iterator[tuple[int, list[Received]]]:
        """The messages of each line, with its number."""
        if self.settings.format == "csv":
            rows = csv.DictReader(file)
            for row in rows:
                yield rows.line_num, self._of_record(row, _as_line(row))
            return
        for number, line in enumerate(file, 1):
            line = line.strip()
            if line:
                yield number, self._of_line(line)

    def _of_line(self, line: str) -> list[Received]:
        content = line.encode()
        if len(content) > LONGEST_LINE:
            return [self.keeper.refused(content[:1_024], "oversized")]
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            return [self.keeper.refused(content[:1_024], "malformed")]
        if self.settings.format == "contract":
            return [batch_message(self.keeper, record)]
        return self._of_record(record, content)

    def _of_record(self, record: Any, content: bytes) -> list[Received]:
        mapping = self.settings.mapping
        assert mapping is not None  # read_settings refuses such settings without one
        name = code_of(record, mapping)
        try:
            if name is None:
                raise Refused("unnamed")
            if pick(record, mapping.fields["time"].path) in (None, ""):
                raise Refused("no-time")
            moment = now()
            state, sample = translate(record, mapping, moment, zlib.crc32(content) & 0x7FFFFFFE)
            told_at = plausible(from_milliseconds(sample.ts), moment)
        except Refused as refusal:
            return [self.keeper.refused(content[:1_024], refusal.reason, name or "?")]
        # The device was there when it was measured, not when its file came.
        return self.keeper.told(name, state, sample, min(told_at, moment))

    def _report(self, path: Path, refused: list[tuple[int, str]]) -> None:
        lines = [
            f"Dòng {number}: {WORDS.get(reason, reason)}" if number else WORDS.get(reason, reason)
            for number, reason in refused[:MOST_REASONS]
        ]
        if len(refused) > MOST_REASONS:
            lines.append(f"… và {len(refused) - MOST_REASONS} dòng khác.")
        target = self.folder / "refused" / f"{path.name}.txt"
        target.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _is_whole(path: Path) -> bool:
    if path.name.startswith(".") or path.is_symlink() or not path.is_file():
        return False
    return time.time() - path.stat().st_mtime >= QUIET_SECONDS


def _refused_lines(batch, reasons) -> Iterator[tuple[int, str]]:
    for number, messages in batch:
        for message in messages:
            if message in reasons:
                yield number, reasons[message]
                break


def _as_line(row: dict) -> bytes:
    """A row of a table as one text, whatever its quotes and the order of its columns were."""
    return json.dumps(
        {str(name): row[name] for name in sorted(row, key=str)}, ensure_ascii=False
    ).encode()


def _free(path: Path) -> Path:
    """The path, or one beside it that no file has."""
    count = 1
    found = path
    while found.exists():
        count += 1
        found = path.with_name(f"{path.stem}-{count}{path.suffix}")
    return found
