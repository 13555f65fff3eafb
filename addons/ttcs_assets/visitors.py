"""Who opens a page: a person, or a program that only looks what is behind an address."""

from __future__ import annotations

import re
from collections.abc import Mapping

# Search engines, makers of link previews, monitors and libraries name themselves.  "Cubot" is
# a make of telephone; browsers inside Zalo or Facebook are people.
_PROGRAMS = re.compile(
    r"(?<!cu)bot\b|crawl|spider|preview|slurp|facebookexternalhit|facebookcatalog|whatsapp/"
    r"|monitor|uptime|lighthouse|curl/|wget/|python-|go-http-client|okhttp/|java/|libwww",
    re.IGNORECASE,
)
_FETCHED_AHEAD = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")


def is_person(method: str, headers: Mapping[str, str]) -> bool:
    """Whether a request shows a page to somebody.

    :param method: of HTTP; only GET shows anything
    :param headers: of the request

    >>> is_person("GET", {"User-Agent": "Mozilla/5.0 (Linux; Android 11; CUBOT NOTE 20)"})
    True
    >>> is_person("GET", {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"})
    False
    >>> is_person("GET", {"User-Agent": "Mozilla/5.0", "Sec-Purpose": "prefetch;prerender"})
    False
    """
    agent = headers.get("User-Agent", "")
    if method != "GET" or not agent or _PROGRAMS.search(agent):
        return False
    return not any(
        word in headers.get(name, "").lower()
        for name in _FETCHED_AHEAD
        for word in ("prefetch", "preview")
    )
