"""``GET /ttcs/device/recordings/<sha256>``: what devices are told to play."""

from __future__ import annotations

import re
from http import HTTPStatus

from odoo import http
from odoo.http import Response, request

from ..models.ttcs_device_recording import RECORDING_PATH

SHA256 = re.compile(r"[0-9a-f]{64}")
FOR_EVER = 31_536_000


class DeviceRecording(http.Controller):
    @http.route(
        f"{RECORDING_PATH}/<string:sha256>",
        type="http",
        auth="ttcs_public",
        methods=["GET"],
        save_session=False,
        readonly=True,
    )
    def recording(self, sha256: str) -> Response:
        """The content with this hash; what goes on air is public, its list is not."""
        found = None
        if SHA256.fullmatch(sha256):
            # sudo: only who knows the hash of the content gets the content, nothing else of it.
            recordings = request.env["ttcs.device.recording"].sudo()
            found = recordings.with_context(active_test=False).search(
                [("sha256", "=", sha256)], limit=1
            )
        if not found:
            return Response(status=HTTPStatus.NOT_FOUND)
        stream = request.env["ir.binary"]._get_stream_from(
            found, "content", mimetype=found.mime_type
        )
        response = stream.get_response(as_attachment=False, max_age=FOR_EVER)
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response
