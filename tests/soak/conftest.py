"""The fixtures of the browser tests, for the long ones of ``make soak``."""

import importlib.util
import sys
from pathlib import Path

BROWSER = Path(__file__).resolve().parents[1] / "browser"
sys.path.insert(0, str(BROWSER))

_found = importlib.util.spec_from_file_location("browser_conftest", BROWSER / "conftest.py")
_browser = importlib.util.module_from_spec(_found)
_found.loader.exec_module(_browser)

CHROMIUM_OPTIONS, PAGES = _browser.CHROMIUM_OPTIONS, _browser.PAGES
pytest_runtest_makereport = _browser.pytest_runtest_makereport
eventually, watch = _browser.eventually, _browser.watch
chromium, playwright, browser = _browser.chromium, _browser.playwright, _browser.browser
field_server = _browser.field_server
