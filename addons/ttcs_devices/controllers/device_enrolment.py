"""``POST /ttcs/device/enrol``: a device shows its one-time code and gets its credentials."""

from __future__ import annotations

import json
from http import HTTPStatus

from odoo import http
from odoo.http import Response, request

from ..wizards.ttcs_device_code import ENROL_PATH

LONGEST_BODY = 4_096
# A whole commune behind one address may enrol its devices in an afternoon; guessing 2^50 codes
# at this pace takes longer than the codes live by a factor of a million.
TRIES, PERIOD = 60, 600


class DeviceEnrolment(http.Controller):
    @http.route(
        ENROL_PATH,
        type="http",
        auth="ttcs_public",
        methods=["POST"],
        csrf=False,
        save_session=False,
        readonly=False,
    )
    def enrol(self) -> Response:
        """Credentials for a valid code; every failure looks the same."""
        httprequest = request.httprequest
        address = httprequest.remote_addr or "?"
        limits = request.env["ttcs.rate.limit"]
        wait = limits._seconds_to_wait("device enrolment", address, TRIES, PERIOD)
        if wait:
            answer = _answer({"error": "too-many-tries"}, HTTPStatus.TOO_MANY_REQUESTS)
            answer.headers["Retry-After"] = str(wait)
            return answer
        # sudo: the code, shown once to somebody who may, is the right to this one call.
        told = request.env["ttcs.device.enrolment"].sudo()._redeem(_code(httprequest))
        if told is None:
            return _answer({"error": "code-not-valid"}, HTTPStatus.FORBIDDEN)
        return _answer(told, HTTPStatus.OK)


def _code(httprequest) -> str | None:
    if (httprequest.content_length or 0) > LONGEST_BODY:
        return None
    try:
        body = json.loads(httprequest.get_data(cache=False))
    except (ValueError, RecursionError):
        return None
    return body.get("code") if isinstance(body, dict) else None


def _answer(values: dict, status: HTTPStatus) -> Response:
    return Response(
        json.dumps(values),
        status=status,
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )
