"""The page, the manifest and the service worker of a light app, as text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from html import escape
from typing import Any

from .app import LightApp
from .bundle import Bundle

# Gives a text that was marked for translation in a language, or in English for "en_US".
Translate = Callable[[Any, str], str]

WORKER_NAME = "worker.js"
MANIFEST_NAME = "manifest.webmanifest"
ICON_SIZES = {"icon-192.png": "192x192", "icon-512.png": "512x512"}
MASKABLE_ICON = "icon-maskable-512.png"

# Nothing from elsewhere and nothing inline runs.  Pictures just taken are shown from "blob:".
# "trusted-types": no text ever becomes markup; the one policy admits the worker's own address.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types light",
    )
)
PAGE_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
CHECKED_EACH_TIME = "no-cache"
KEPT_FOR_EVER = "public, max-age=31536000, immutable"

_SHELL = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{name}</title>
<meta name="theme-color" content="{colour}">
<link rel="manifest" href="{scope}{manifest}">
<link rel="icon" href="{icon}">
<link rel="apple-touch-icon" href="{touch_icon}">
{links}
<script type="application/json" id="light-page">{data}</script>
<script type="module" src="{entry}"></script>
</head>
<body>
<div id="light-notices"></div>
<main id="light-main" tabindex="-1"><noscript><p>{no_script}</p></noscript></main>
<div id="light-polite" class="unseen" role="status"></div>
<div id="light-urgent" class="unseen" role="alert"></div>
</body>
</html>
"""


def shell(
    app: LightApp, bundle: Bundle, translate: Translate, kit_terms: Iterable[Any], no_script: Any
) -> str:
    """The HTML that opens an app; the same for everyone, hence without any data."""

    def words(term: Any) -> str:
        return escape(translate(term, app.language))

    links = [f'<link rel="stylesheet" href="{file.address}">' for file in bundle.styles]
    links += [f'<link rel="modulepreload" href="{file.address}">' for file in bundle.preloaded]
    return _SHELL.format(
        language=app.language.partition("_")[0],
        name=words(app.name),
        colour=escape(app.colour),
        scope=escape(app.scope),
        manifest=MANIFEST_NAME,
        icon=bundle.icons["icon-192.png"].address,
        touch_icon=bundle.icons["icon-180.png"].address,
        links="\n".join(links),
        data=_inline_json(
            {
                "scope": app.scope,
                "files": {
                    name: file.address
                    for name, file in {**bundle.files, **bundle.lazy_files}.items()
                },
                "terms": catalogue(app.language, translate, [*kit_terms, *app.terms]),
            }
        ),
        entry=bundle.entry.address,
        no_script=words(no_script),
    )


def catalogue(language: str, translate: Translate, terms: Iterable[Any]) -> dict[str, str]:
    """English texts and what they are in a language, without those that stay the same."""
    pairs = {translate(term, "en_US"): translate(term, language) for term in terms}
    return {source: text for source, text in pairs.items() if source != text}


def build_number(page: str) -> str:
    """What identifies a version of an app: its page names every file and holds every text.

    >>> build_number("")
    'e3b0c44298fc1c14'
    """
    return hashlib.sha256(page.encode()).hexdigest()[:16]


def manifest(app: LightApp, bundle: Bundle, translate: Translate) -> str:
    """The web app manifest: what a phone needs to install the page."""
    icons = [
        {"src": bundle.icons[name].address, "sizes": sizes, "type": "image/png"}
        for name, sizes in ICON_SIZES.items()
    ]
    icons.append(
        {
            "src": bundle.icons[MASKABLE_ICON].address,
            "sizes": "512x512",
            "type": "image/png",
            "purpose": "maskable",
        }
    )
    return json.dumps(
        {
            "id": app.scope,
            "name": translate(app.name, app.language),
            "short_name": translate(app.short_name, app.language),
            "lang": app.language.partition("_")[0],
            "scope": app.scope,
            "start_url": app.scope,
            "display": "standalone",
            "theme_color": app.colour,
            "background_color": "#ffffff",
            "icons": icons,
        },
        ensure_ascii=False,
    )


def worker(app: LightApp, bundle: Bundle, page: str) -> str:
    """The service worker: the kit's own, after one line that says what this build consists of."""
    configuration = {
        "build": build_number(page),
        "scope": app.scope,
        "kept": [file.address for file in bundle.kept],
        "later": [file.address for file in bundle.lazy_files.values()],
        "fresh": list(app.fresh),
    }
    return f"self.light={json.dumps(configuration)};\n{bundle.worker}"


def _inline_json(value: Any) -> str:
    """JSON that cannot end the script element around it.

    >>> _inline_json("</script>")
    '"\\\\u003c/script>"'
    """
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")
