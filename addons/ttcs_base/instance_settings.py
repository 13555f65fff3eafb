"""The ``[ttcs]`` section of Odoo's settings file: paths that belong to a machine.

Odoo 19 reads its own section only, so the file is read a second time here.
"""

from __future__ import annotations

from configparser import ConfigParser
from functools import cache
from pathlib import Path


@cache
def instance_settings(settings_file: str | None) -> dict[str, str]:
    """The options of the section; empty without a file or a section.

    >>> instance_settings(None)
    {}
    """
    if not settings_file or not Path(settings_file).is_file():
        return {}
    parser = ConfigParser(interpolation=None)
    parser.read(settings_file, encoding="utf-8")
    return dict(parser["ttcs"]) if parser.has_section("ttcs") else {}
