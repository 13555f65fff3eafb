"""``/dd/<code>``: a listener's own page, and ``/dd/nghe`` where passers-by answer.

Neither cookie nor account nor script: the code in the address is the right to answer for the
loudspeakers of one place while a roll call runs, and to nothing else.
"""

from __future__ import annotations

import re
import uuid
from http import HTTPStatus

from odoo import http
from odoo.fields import Domain
from odoo.http import Response, request
from odoo.tools import hmac

from odoo.addons.ttcs_assets.controllers.afterwards import afterwards
from odoo.addons.ttcs_assets.controllers.field_app import FIELD_APP
from odoo.addons.ttcs_assets.visitors import is_person
from odoo.addons.ttcs_base.controllers.light import BUNDLES
from odoo.addons.ttcs_base.light.page import PAGE_HEADERS

from ..models.ttcs_listener import LISTENER_PATH
from ..models.ttcs_roll_call_answer import LONGEST_NOTE
from ..roll_call.page import (
    ANSWER_PATH,
    ANSWERS,
    OVER,
    THANKS_PATH,
    TITLE,
    TOO_MANY,
    UNKNOWN,
    UNKNOWN_TITLE,
    listener_page,
    refusal_page,
    thanks_page,
)

LONGEST_BODY = 4_096
# A hamlet has a few loudspeakers: nobody taps more often than that.
TAPS, TAPS_PERIOD = 120, 600
# A crowd at a market square behind one address, but no program that votes.
CITIZEN_TAPS, CITIZEN_PERIOD = 10, 600
LINE_TAPS, LINE_PERIOD = 500, 3_600
KEY = re.compile(r"[0-9a-f]{32}")


def public_route(path: str, method: str):
    # No token against forged forms: there is neither session nor cookie to be misused.
    return http.route(
        path,
        type="http",
        auth="ttcs_public",
        methods=[method],
        csrf=False,
        save_session=False,
        readonly=method == "GET",
    )


class RollCallPages(http.Controller):
    @public_route(f"{LISTENER_PATH}/<string:code>", "GET")
    def listener(self, code: str) -> Response:
        """What the listener is asked now."""
        # sudo: the code is the right to this page; it shows names of loudspeakers and places.
        listener = request.env["ttcs.listener"].sudo()._of_code(code)
        if not listener:
            return _unknown()
        response = self._page(listener, over="het-gio" in request.httprequest.args)
        httprequest = request.httprequest
        if is_person(httprequest.method, httprequest.headers):
            identifier = listener.id
            afterwards(
                response,
                request.db,
                lambda env: env["ttcs.listener"].browse(identifier)._note_opening(),
            )
        return response

    @public_route(f"{LISTENER_PATH}/<string:code>", "POST")
    def tell(self, code: str, **_parameters) -> Response:
        """Take a tap of the listener and show his page again."""
        env = request.env
        # sudo: as above; what is written are answers to lines of his own place that are open.
        listener = env["ttcs.listener"].sudo()._of_code(code)
        if not listener:
            return _unknown()
        wait = env["ttcs.rate.limit"]._seconds_to_wait(
            "roll call", listener.code, TAPS, TAPS_PERIOD
        )
        if wait:
            return _too_many(wait)
        form = _form()
        lines = listener._open_lines()
        if form.get("line") != "all":
            lines = lines.filtered(lambda line: line.code == form.get("line"))
        answer, key = form.get("answer"), form.get("key", "")
        path = f"{LISTENER_PATH}/{listener.code}"
        if not lines or answer not in ANSWERS or not KEY.fullmatch(key):
            return request.redirect(f"{path}?het-gio=1", HTTPStatus.SEE_OTHER)
        lines.env["ttcs.roll.call.answer"]._note_answers(
            lines,
            answer,
            "listener",
            listener_id=listener.id,
            # One showing of the page, one answer of each kind: a second thought is another tap.
            key=f"{key}-{answer}",
            note=form.get("note"),
        )
        anchor = f"#l-{lines.code}" if len(lines) == 1 else ""
        return request.redirect(f"{path}{anchor}", HTTPStatus.SEE_OTHER)

    @public_route(ANSWER_PATH, "POST")
    def tell_as_citizen(self, **_parameters) -> Response:
        """Take the tap of a passer-by at the face of a loudspeaker."""
        env = request.env
        form = _form()
        code, answer = form.get("line", ""), form.get("answer")
        if not KEY.fullmatch(code) or answer not in ANSWERS:
            return _unknown()
        limits = env["ttcs.rate.limit"]
        visitor = _visitor(code)
        wait = limits._seconds_to_wait(
            "roll call passer-by", visitor, CITIZEN_TAPS, CITIZEN_PERIOD
        ) or limits._seconds_to_wait("roll call line", code, LINE_TAPS, LINE_PERIOD)
        if wait:
            return _too_many(wait)
        # sudo: an answer to a line whose code was shown at the loudspeaker itself.
        lines = env["ttcs.roll.call.line"].sudo()
        lines = lines.search(lines._domain_open_now() & Domain("code", "=", code))
        if not lines:
            return _page(
                refusal_page(env, BUNDLES.of(FIELD_APP), env._(TITLE), env._(OVER)), HTTPStatus.OK
            )
        lines.env["ttcs.roll.call.answer"]._note_answers(lines, answer, "citizen", visitor=visitor)
        return request.redirect(THANKS_PATH, HTTPStatus.SEE_OTHER)

    @public_route(THANKS_PATH, "GET")
    def thanks(self) -> Response:
        """After the answer of a passer-by."""
        return _page(thanks_page(request.env, BUNDLES.of(FIELD_APP)), HTTPStatus.OK)

    def _page(self, listener, *, over: bool) -> Response:
        env = request.env
        asked = listener._asked()
        text = listener_page(
            env,
            BUNDLES.of(FIELD_APP),
            path=f"{LISTENER_PATH}/{listener.code}",
            place=listener.unit_id.full_name or "",
            asked=asked.loudspeakers,
            key=uuid.uuid4().hex,
            until=asked.until,
            following=asked.following,
            notice=env._(OVER) if over and not asked.loudspeakers else "",
        )
        return _page(text, HTTPStatus.OK)


def _form() -> dict[str, str]:
    """The fields of the form that was sent; a text too long or strange counts as none."""
    if (request.httprequest.content_length or 0) > LONGEST_BODY:
        return {}
    fields_sent = request.httprequest.form
    return {
        name: fields_sent[name].replace("\x00", "")[:LONGEST_NOTE]
        for name in ("line", "answer", "key", "note")
        if name in fields_sent
    }


def _visitor(code: str) -> str:
    """Who taps, told apart from others at this very loudspeaker and nowhere else."""
    httprequest = request.httprequest
    who = f"{code} {httprequest.remote_addr} {httprequest.headers.get('User-Agent', '')[:300]}"
    # sudo: the secret of the database keys the hash.
    return hmac(request.env(su=True), "ttcs.roll.call visitor", who)[:32]


def _unknown() -> Response:
    env = request.env
    text = refusal_page(env, BUNDLES.of(FIELD_APP), env._(UNKNOWN_TITLE), env._(UNKNOWN))
    return _page(text, HTTPStatus.NOT_FOUND)


def _too_many(wait: int) -> Response:
    env = request.env
    text = refusal_page(env, BUNDLES.of(FIELD_APP), env._(TITLE), env._(TOO_MANY))
    response = _page(text, HTTPStatus.TOO_MANY_REQUESTS)
    response.headers["Retry-After"] = str(wait)
    return response


def _page(text: str, status: HTTPStatus) -> Response:
    headers = {**PAGE_HEADERS, "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
    return Response(text, status=status, content_type="text/html; charset=utf-8", headers=headers)
