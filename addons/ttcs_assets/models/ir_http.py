import re

from werkzeug.exceptions import HTTPException, Unauthorized

from odoo import models
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.ttcs_base.light.app import LightApp
from odoo.addons.ttcs_base.models.res_company import DEFAULT_TIMEZONE

API_PREFIX = "/kt/api/"
# What the server tells a phone is in the language of the page there.
LANGUAGE = LightApp.language
DEVICE_KEY = "ttcs_field_device_id"


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _auth_method_ttcs_public(cls):
        """Nobody, in the language of the pages.

        Without a language that is installed Odoo would look for one in the database, three
        queries for each page.
        """
        cls._auth_method_none()
        request.update_context(lang=LANGUAGE)

    @classmethod
    def _auth_method_ttcs_field(cls):
        """The user of the phone whose token is in the header; no cookie counts.

        Only for routes below ``/kt/api/``.  A refusal answers 401 with the reason as JSON.
        """
        assert request.httprequest.path.startswith(API_PREFIX), "a phone's token opens no other"
        token = cls._ttcs_field_token()
        device_id, user_id, reason = 0, 0, "missing"
        if token:
            device_id, user_id, reason = request.env["ttcs.field.device"]._identify(token)
        request.session.can_save = False
        context = {"lang": LANGUAGE, DEVICE_KEY: device_id}
        if reason:
            request.update_env(user=None, context=context)
            raise Unauthorized(response=cls._ttcs_field_unauthorized(reason))
        request.update_env(user=user_id, context=context, su=False)
        request.update_context(tz=request.env.user.tz or DEFAULT_TIMEZONE)

    @classmethod
    def _ttcs_field_token(cls):
        header = request.httprequest.headers.get("Authorization", "")
        match = re.fullmatch(r"bearer +([\w-]{20,200})", header, re.ASCII | re.IGNORECASE)
        return match and match[1]

    @classmethod
    def _ttcs_field_unauthorized(cls, reason):
        env = request.env
        message = {
            "missing": env._("Sign in on this phone first."),
            "unknown": env._("This phone is not signed in. Sign in again."),
            "revoked": env._("This phone was signed out. Sign in again with your password."),
            "expired": env._("The sign-in of this phone has run out. Enter your password."),
            "disabled": env._("Your account is closed. Ask the administrator."),
        }[reason]
        return request.make_json_response({"reason": reason, "message": message}, status=401)

    @classmethod
    def _handle_error(cls, exception):
        """Phones get every refusal below ``/kt/api/`` as JSON, also those of Odoo itself."""
        if not request.httprequest.path.startswith(API_PREFIX):
            return super()._handle_error(exception)
        status = 500
        # What Odoo and werkzeug say of these is for programmers.
        message = request.env._("This cannot be done.")
        if isinstance(exception, HTTPException):
            if exception.response is not None:
                return exception.response
            status = exception.code
        elif isinstance(exception, UserError):
            status = exception.http_status
            message = str(exception)
        return request.make_json_response({"message": message}, status=status)
