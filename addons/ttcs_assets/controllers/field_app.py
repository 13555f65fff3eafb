"""The field app ``/kt/``: its page and the texts of its modules."""

from __future__ import annotations

from odoo import http
from odoo.http import Response
from odoo.tools.translate import LazyTranslate

from odoo.addons.ttcs_base.controllers.light import (
    light_manifest,
    light_page,
    light_route,
    light_worker,
)
from odoo.addons.ttcs_base.light.app import ZXING, LightApp, register

from .field_terms import FIELD_TERMS

_lt = LazyTranslate(__name__)

FIELD_APP = register(
    LightApp(
        scope="/kt/",
        name=_lt("Field work of the grassroots information network"),
        short_name=_lt("Field work"),
        module="ttcs_assets/static/light/kt-app.js",
        styles=("ttcs_assets/static/light/kt.css", "ttcs_assets/static/light/face.css"),
        files={"face.js": "ttcs_assets/static/light/face.js"},
        lazy_files={"zxing": ZXING},
        terms=FIELD_TERMS,
        fresh=("/kt/api/asset/",),
    )
)


class FieldApp(http.Controller):
    @light_route("/kt/")
    def field_page(self) -> Response:
        """The page that opens the app."""
        return light_page(FIELD_APP)

    @light_route("/kt/worker.js")
    def field_worker(self) -> Response:
        """The service worker that keeps the app on the phone."""
        return light_worker(FIELD_APP)

    @light_route("/kt/manifest.webmanifest")
    def field_manifest(self) -> Response:
        """What a phone needs to install the app."""
        return light_manifest(FIELD_APP)
