"""Where a benchmark measures: the settings file and the databases that ``make bench`` names."""

from __future__ import annotations

import os
import resource

from odoo.modules.registry import Registry
from odoo.tools import config

PROVINCE = os.environ["TTCS_BENCH_DB"]
"""A province of 20,000 register items."""

EMPTY = os.environ["TTCS_BENCH_EMPTY_DB"]
"""The suite installed, nothing loaded."""

WEBSITE = os.environ["TTCS_BENCH_WEBSITE_DB"]
"""The suite and Odoo's website, nothing loaded."""

SETTINGS = os.environ["TTCS_BENCH_CONFIG"]
"""Path of the settings file."""


def registry(database: str) -> Registry:
    """Odoo loaded in this process on a database, its log quiet."""
    config.parse_config(["-c", SETTINGS, "-d", database, "--no-http", "--log-level=critical"])
    return Registry(database)


def print_peak_memory() -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nPeak memory of the process: {peak:.0f} MB.", flush=True)
