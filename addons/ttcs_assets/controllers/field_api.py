"""``/kt/api/…``: what phones in the field ask and send, as JSON.

Every route but the sign-in runs as the user of the phone (``ir.http`` checks its token), so
that record rules decide what he sees and changes.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re

from werkzeug.exceptions import BadRequest

from odoo import http
from odoo.exceptions import AccessDenied
from odoo.http import Response, request
from odoo.tools.translate import LazyTranslate

from ..field_actions import (
    LONGEST_REQUEST,
    MOST_ACTIONS,
    MOST_ORDER_PHOTOS,
    RequestError,
    read_request,
)
from ..models.ir_http import DEVICE_KEY, LANGUAGE
from ..models.ttcs_inventory_member import COUNTING_GROUPS
from ..photos import LARGEST_FILE
from .afterwards import afterwards

_lt = LazyTranslate(__name__)

# Photos of one action, and the text of the request.
LARGEST_BODY = MOST_ORDER_PHOTOS * LARGEST_FILE + 2 * LONGEST_REQUEST
# A phone sends in batches: more requests than this are a fault or an attack.
ACTION_REQUESTS, ACTION_PERIOD = 300, 600
SIGN_INS, SIGN_IN_PERIOD = 10, 900
LONGEST_NAME = 60
WRONG_PASSWORD = _lt("This account and password do not match. Check both and try again.")
TOO_MANY_SIGN_INS = _lt("Too many attempts for this account. Try again in %(minutes)s minutes.")
CODE_NEEDED = _lt("Enter the six-digit code of your authentication app.")
CODE_WRONG = _lt("The six-digit code is not right. Enter the newest one.")
OTHER_FACTOR = _lt(
    "Your account asks for a code by e-mail, which this app cannot take. Use an authentication "
    "app instead (your profile in the office system), then sign in here."
)
NO_DUTY = _lt(
    "Your account has no duty in the field. Ask the administrator to assign you maintenance or "
    "assets."
)
UNNAMED = _lt("Phone")
REQUEST_TEXTS = {
    "not_actions": _lt("This request cannot be read. Update the page, then send again."),
    "too_many": _lt("More than %(most)s actions came at once. Send them in parts."),
    "too_long": _lt("This is too long to be taken. Shorten it."),
    "no_uuid": _lt("An action has no number of its own. Update the page, then send again."),
    "same_uuid": _lt("Two actions have the same number. Update the page, then send again."),
}


def field_route(path: str, method: str = "GET", **options):
    """A route for signed-in phones."""
    return http.route(
        f"/kt/api/{path}",
        type="http",
        auth="ttcs_field",
        methods=[method],
        csrf=False,
        save_session=False,
        **options,
    )


class FieldApi(http.Controller):
    @http.route(
        "/kt/api/sign-in",
        type="http",
        auth="none",
        methods=["POST"],
        csrf=False,
        save_session=False,
        # Odoo takes a route without authentication for one that only reads.
        readonly=False,
        max_content_length=10_000,
    )
    def sign_in(self) -> Response:
        """Exchange login and password (and a code, with two-factor sign-in) for a token.

        The body is JSON: ``{"login", "password", "code"?, "phone"?}``; a token of before in
        the header renews the same phone.  Answers 200 with the token, shown this once; 403
        with the reason; 428 when a code is needed; 429 after too many attempts.
        """
        request.update_env(context={"lang": LANGUAGE})
        asked = _json_body()
        login, password = asked.get("login"), asked.get("password")
        if not isinstance(login, str) or not isinstance(password, str):
            return _refused(WRONG_PASSWORD)
        login, password = (text.replace("\x00", "") for text in (login.strip(), password))
        known_token = request.env["ir.http"]._ttcs_field_token()
        if wait := self._seconds_to_wait(login, known_token):
            minutes = -(-wait // 60)
            return _refused(TOO_MANY_SIGN_INS, 429, {"Retry-After": str(wait)}, minutes=minutes)
        try:
            user = _authenticate(login, password, asked.get("code"))
        except AccessDenied:
            return _refused(WRONG_PASSWORD)
        if isinstance(user, Response):
            return user
        if not any(user.has_group(group) for group in COUNTING_GROUPS):
            return _refused(NO_DUTY)
        name = str(asked.get("phone") or "").strip()[:LONGEST_NAME] or request.env._(UNNAMED)
        devices = request.env["ttcs.field.device"].with_user(user)
        device, token = devices._sign_in(user, name, known_token)
        return _answer(
            {
                "token": token,
                "device": device.id,
                "user": {"id": user.id, "name": user.name, "login": user.login},
                "expires_at": device.sudo().expires_at.isoformat(),
            }
        )

    def _seconds_to_wait(self, login, known_token):
        """By account and not by address; strangers cannot lock out a phone that is known."""
        limits = request.env["ttcs.rate.limit"]
        devices = request.env["ttcs.field.device"]
        is_known = known_token and devices._is_phone_of(known_token, login)
        subject = known_token if is_known else login.lower()
        return limits._seconds_to_wait("sign-in", subject, SIGN_INS, SIGN_IN_PERIOD)

    @field_route("communes", readonly=True)
    def communes(self) -> Response:
        """The communes to choose from: ``{"communes": [{"id", "name", "assets"}]}``."""
        return _fresh({"communes": request.env["ttcs.field.area"]._communes()})

    @field_route("area", readonly=False)
    def area(self, communes: str | None = None, waiting: str = "") -> Response:
        """What to take along; ``communes`` are ids separated by commas.

        ``waiting`` is the number of actions that the phone has not sent; sheets of inventories
        that it takes along are not closed while it may hold counts of them.
        """
        wanted = None if communes is None else _ids(communes)
        area = request.env["ttcs.field.area"]._area(wanted)
        _note_waiting(waiting)
        return _fresh(area)

    @field_route("asset/<int:asset_id>", readonly=True)
    def asset(self, asset_id: int) -> Response:
        """One asset with its history; 404 out of reach."""
        asset = request.env["ttcs.field.area"]._asset(asset_id)
        if not asset:
            text = request.env["ttcs.field.refusal"]._text("asset_out_of_reach", {})
            return _answer({"message": text}, 404)
        return _fresh({"asset": asset})

    @field_route("tag", readonly=True)
    def tag(self, text: str = "") -> Response:
        """What a scanned text or typed code is: ``{"status", "tag", "asset"}``."""
        found, answer = request.env["ttcs.field.area"]._find_asset(text)
        response = _fresh(answer)
        if found:
            tag_id, user_id = found.id, request.env.uid
            afterwards(
                response,
                request.db,
                lambda env: env["ttcs.tag"]._log_scan(tag_id, "technician", user_id),
            )
        return response

    @field_route("actions", "POST", max_content_length=LARGEST_BODY)
    def actions(self, actions: str = "", sent_at: str = "", waiting: str = "") -> Response:
        """Carry out what a phone did: ``{"verdicts": {uuid: …}}``, see ``field_actions``.

        ``waiting``: how many more actions the phone will still hold after these.
        """
        limits = request.env["ttcs.rate.limit"]
        device = str(request.env.context[DEVICE_KEY])
        wait = limits._seconds_to_wait("actions", device, ACTION_REQUESTS, ACTION_PERIOD)
        if wait:
            return _answer({}, 429, {"Retry-After": str(wait)})
        try:
            entries = read_request(actions)
        except RequestError as error:
            return _refused(REQUEST_TEXTS[error.reason], 400, most=MOST_ACTIONS)
        verdicts = request.env["ttcs.field.action"]._receive(entries, sent_at, _photo)
        _note_waiting(waiting)
        return _answer({"verdicts": verdicts})

    @field_route("sign-out", "POST")
    def sign_out(self) -> Response:
        """Revoke this phone's token."""
        devices = request.env["ttcs.field.device"]
        devices.browse(request.env.context[DEVICE_KEY]).action_revoke()
        return _answer({})


def _authenticate(login, password, code):
    """The user, or the answer that asks for a code.

    :raises AccessDenied: when the password or the code is wrong, or Odoo's own cool-down runs
    """
    users = request.env(su=False)["res.users"]
    environment = {"interactive": True, "REMOTE_ADDR": request.httprequest.remote_addr}
    credential = {"type": "password", "login": login, "password": password}
    known = users.authenticate(credential, environment)
    user = users.with_user(known["uid"]).browse(known["uid"])
    if known.get("mfa") == "skip" or not user._mfa_url():
        return user
    if user._mfa_type() != "totp":
        return _refused(OTHER_FACTOR)
    digits = "".join(str(code or "").split())
    if not digits:
        return _refused(CODE_NEEDED, 428)
    if not (digits.isascii() and digits.isdecimal()):
        return _refused(CODE_WRONG, 428)
    try:
        user._check_credentials({"type": "totp", "token": int(digits)}, environment)
    except AccessDenied:
        return _refused(CODE_WRONG, 428)
    return user


def _json_body():
    try:
        body = request.get_json_data()
    except ValueError:
        raise BadRequest() from None
    if not isinstance(body, dict):
        raise BadRequest()
    return body


def _ids(text):
    """The record ids in a list with commas; what cannot be one counts as none."""
    parts = text.split(",")
    return [int(part) for part in parts if re.fullmatch(r"[0-9]{1,10}", part, re.ASCII)]


def _note_waiting(text):
    """Keep how much the phone has not sent; older apps do not say."""
    if re.fullmatch(r"[0-9]{1,6}", text, re.ASCII):
        devices = request.env["ttcs.field.device"]
        devices.browse(request.env.context[DEVICE_KEY])._note_waiting(int(text))


def _photo(field):
    file = request.httprequest.files.get(field)
    # One byte more than is allowed shows that it is too large.
    return file.read(LARGEST_FILE + 1) if file else None


def _refused(text, status=403, headers=None, **values):
    return _answer({"message": request.env._(text) % values}, status, headers)


def _answer(data, status=200, headers=None):
    response = request.make_json_response(data, status=status)
    response.headers["Cache-Control"] = "no-store"
    response.headers.update(headers or {})
    _note_seen(response)
    return response


def _fresh(data):
    """An answer that the phone need not load again while it stays the same."""
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    version = hashlib.sha256(body).hexdigest()[:32]
    response = Response(body, content_type="application/json; charset=utf-8")
    if "gzip" in request.httprequest.headers.get("Accept-Encoding", ""):
        response.set_data(gzip.compress(body, compresslevel=5, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Accept-Encoding, Authorization"
    response.set_etag(version, weak=True)
    _note_seen(response)
    return response.make_conditional(request.httprequest)


def _note_seen(response):
    device_id = request.env.context.get(DEVICE_KEY)
    if device_id:
        afterwards(
            response,
            request.db,
            lambda env: env["ttcs.field.device"].browse(device_id)._note_seen(),
        )
