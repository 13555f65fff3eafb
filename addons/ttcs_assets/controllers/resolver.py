"""``/A/<code>``: what everybody sees who scans a tag, and ``/a`` for those who type it."""

from __future__ import annotations

import re
from http import HTTPStatus

from odoo import http
from odoo.http import Response, request

from odoo.addons.ttcs_base.controllers.light import BUNDLES
from odoo.addons.ttcs_base.light.page import PAGE_HEADERS

from ..visitors import is_person
from .afterwards import afterwards
from .face_page import code_page, face_page
from .field_app import FIELD_APP

# The same for everybody, so that a cache in front may answer; a repair shows after a minute.
CACHE_CONTROL = "public, max-age=60"


def face_route(*paths: str):
    return http.route(
        list(paths),
        type="http",
        auth="ttcs_public",
        methods=["GET"],
        save_session=False,
        readonly=True,
    )


class TagResolver(http.Controller):
    @face_route("/A/<string:code>", "/a/<string:code>")
    def tag_face(self, code: str) -> Response:
        """The public face of a tag; the address printed on it, for ever."""
        face = request.env["ttcs.tag"]._face(code)
        text = face_page(request.env, face, BUNDLES.of(FIELD_APP))
        status = HTTPStatus.NOT_FOUND if face.status == "forged" else HTTPStatus.OK
        response = _page(text, status)
        httprequest = request.httprequest
        if face.tag_id and is_person(httprequest.method, httprequest.headers):
            afterwards(
                response,
                request.db,
                lambda env: env["ttcs.tag"]._log_scan(face.tag_id, "citizen"),
            )
        return response

    @face_route("/A", "/a")
    def call_code(self, code: str = "") -> Response:
        """One field for the code that is painted on the pole or read out over the telephone."""
        code = re.sub(r"[^0-9A-Za-z]", "", code.rstrip("/").rpartition("/")[2])[:64]
        if code:
            return request.redirect(f"/a/{code}", HTTPStatus.SEE_OTHER)
        return _page(code_page(request.env, BUNDLES.of(FIELD_APP)), HTTPStatus.OK)


def _page(text: str, status: HTTPStatus) -> Response:
    headers = {**PAGE_HEADERS, "Cache-Control": CACHE_CONTROL, "X-Robots-Tag": "noindex"}
    return Response(text, status=status, content_type="text/html; charset=utf-8", headers=headers)
