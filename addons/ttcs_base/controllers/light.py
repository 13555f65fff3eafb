"""Sending light pages and their files, without session, cookie or database access."""

from __future__ import annotations

import functools
import gzip
from collections.abc import Mapping

from werkzeug.http import parse_accept_header

from odoo import http
from odoo.http import Response, request
from odoo.tools.misc import file_path

from ..light import page
from ..light.app import LightApp, registered
from ..light.bundle import ADDRESS, Bundle, Bundles
from ..light.terms import KIT_TERMS, NO_SCRIPT

BUNDLES = Bundles(file_path)


def light_route(path: str):
    """Decorate a method that sends a page, manifest, worker or file of a light app.

    ``auth="none"`` keeps the request off the users' tables and on a replica where there is one;
    the session is neither read nor saved, so that no cookie is set.  Several databases behind
    one address need a ``dbfilter``, as every page without a session does.
    """
    return http.route(
        path, type="http", auth="none", methods=["GET"], save_session=False, readonly=True
    )


def light_page(app: LightApp) -> Response:
    """Answer with the page of an app; its route is the app's scope."""
    if request.httprequest.path != app.scope:
        # Without its last slash the page would be outside of the scope of its worker.
        return Response(status=308, headers={"Location": app.scope})
    text = _shell(app, BUNDLES.of(app))
    build = page.build_number(text)
    headers = {
        **page.PAGE_HEADERS,
        "Cache-Control": page.CHECKED_EACH_TIME,
        "Light-Build": build,
    }
    return _answer(text.encode(), "text/html; charset=utf-8", build, headers)


def light_manifest(app: LightApp) -> Response:
    """Answer with the manifest of an app; its route is ``manifest.webmanifest`` in the scope."""
    text = page.manifest(app, BUNDLES.of(app), _translate)
    headers = {"Cache-Control": page.CHECKED_EACH_TIME}
    return _answer(text.encode(), "application/manifest+json", page.build_number(text), headers)


def light_worker(app: LightApp) -> Response:
    """Answer with the service worker of an app; its route is ``worker.js`` in the scope."""
    bundle = BUNDLES.of(app)
    text = page.worker(app, bundle, _shell(app, bundle))
    headers = {
        **page.PAGE_HEADERS,
        "Cache-Control": page.CHECKED_EACH_TIME,
        "Service-Worker-Allowed": app.scope,
    }
    return _answer(
        text.encode(), "text/javascript; charset=utf-8", page.build_number(text), headers
    )


class LightFiles(http.Controller):
    @light_route(f"{ADDRESS}/<path:name>")
    def light_file(self, name: str) -> Response:
        """Send a file of any app at the one address that names its content."""
        file = BUNDLES.find(f"{ADDRESS}/{name}", registered())
        if file is None:
            return Response(status=404, headers={"Cache-Control": page.CHECKED_EACH_TIME})
        headers = {"Cache-Control": page.KEPT_FOR_EVER}
        return _answer(file.content, file.media_type, file.digest, headers, file.compressed)


def _shell(app: LightApp, bundle: Bundle) -> str:
    return page.shell(app, bundle, _translate, KIT_TERMS, NO_SCRIPT)


def _translate(term, language: str) -> str:
    return request.env(context={"lang": language})._(term)


def _answer(
    content: bytes,
    media_type: str,
    version: str,
    headers: Mapping[str, str],
    compressed: bytes | None = None,
) -> Response:
    """Send gzip to who accepts it, or nothing to who has this version already."""
    response = Response(content, content_type=media_type, headers=dict(headers))
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Vary"] = "Accept-Encoding"
    accepted = parse_accept_header(request.httprequest.headers.get("Accept-Encoding"))
    if "gzip" in accepted and media_type != "image/png":
        response.set_data(compressed or _gzipped(content))
        response.headers["Content-Encoding"] = "gzip"
    # Weak: gzip or not, it is the same version.
    response.set_etag(version, weak=True)
    return response.make_conditional(request.httprequest.environ)


@functools.lru_cache(maxsize=64)
def _gzipped(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)
