"""Running other programs: quiet when they succeed, one clear line when they do not."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from .announce import Refusal

ERROR_LINE = re.compile(r"^(\w+\.)*\w*(Error|Exception|Refused): |^E: |\b(ERROR|FATAL)\b")


def run_quietly(
    command: Sequence[str | Path],
    *,
    log: Path,
    failure: str,
    environment: Mapping[str, str] | None = None,
    user: str | None = None,
    working_folder: Path | None = None,
) -> None:
    """Run a command with its output appended to ``log``.

    :param failure: what to tell the person when the command fails; the log's path is added
    :raises Refusal: when the command cannot start or exits with another status than 0
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        try:
            result = subprocess.run(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(environment or {})},
                user=user,
                cwd=working_folder,
                check=False,
            )
        except FileNotFoundError as error:
            raise Refusal(f"{failure} ({error.filename} is not installed)") from None
    if result.returncode:
        raise Refusal(f"{failure} (last lines of {log}: {last_line(log)})")


def last_line(log: Path) -> str:
    """The line of a log that best says what went wrong: the last error, else the last line.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     log = Path(folder) / "log"
    ...     _ = log.write_text("ValueError: no such place\\nINFO: closed\\n\\n")
    ...     last_line(log)
    'ValueError: no such place'
    """
    with log.open("rb") as stream:
        stream.seek(0, os.SEEK_END)
        stream.seek(max(0, stream.tell() - 8192))
        lines = stream.read().decode(errors="replace").splitlines()
    meaningful = [line.strip() for line in lines if line.strip()]
    errors = [line for line in meaningful if ERROR_LINE.search(line)]
    return (errors or meaningful or ["empty"])[-1][:300]
