"""The public page on which a person opens an account with the code of an activation slip."""

from __future__ import annotations

from odoo import http
from odoo.http import request

from ..accounts.password_rule import LEAST_LENGTH, MOST_LENGTH, password_fault

LONGEST_FIELD = 200
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}


class ActivationPage(http.Controller):
    @http.route("/ttcs/activate", type="http", auth="public", methods=["GET"], sitemap=False)
    def activation_form(self, **parameters):
        """Show the empty form."""
        return self._page("form", {"login": _field(parameters, "login")})

    # No token against forged forms: who does not know the code of the slip achieves nothing, and
    # a page that stood open for an hour still works.
    @http.route(
        "/ttcs/activate",
        type="http",
        auth="public",
        methods=["POST"],
        sitemap=False,
        csrf=False,
    )
    def activate(self, **parameters):
        """Set the password, or say what is wrong."""
        login = _field(parameters, "login").lower()
        code, password = _field(parameters, "code"), _field(parameters, "password")
        values = {"login": login}
        fault = self._fault(login, code, password, _field(parameters, "password_again"))
        if fault:
            return self._page("incomplete", {**values, "error": fault})
        env = request.env
        # sudo: the count must hold for everybody, signed in or not.
        if not env["ttcs.activation.try"].sudo()._count(login):
            error = env._(
                "Too many tries for this login. Wait an hour, or ask for a new slip and try then."
            )
            return self._page("waiting", {**values, "error": error})
        if not env["ttcs.activation"]._redeem(login, code, password):
            error = env._(
                "The login or the code is not right, or the slip has expired or was replaced. "
                "Five tries an hour are allowed."
            )
            return self._page("refused", {**values, "error": error})
        env["ttcs.activation.try"]._forget(login)
        return self._page("open", values)

    def _fault(self, login, code, password, again):
        """What can be told without looking at any account."""
        env = request.env
        if not login or not code:
            return env._("Enter the login and the code that stand on your slip.")
        if password != again:
            return env._("The two passwords are not the same.")
        fault = password_fault(password, login)
        if not fault:
            return None
        messages = {
            "short": env._(
                "The password needs at least %(count)s characters. A short sentence is easy to "
                "remember.",
                count=LEAST_LENGTH,
            ),
            "long": env._("The password may have %(count)s characters.", count=MOST_LENGTH),
            "login": env._("The password must not contain the login."),
            "simple": env._("This password is one of those that are tried first. Choose another."),
        }
        return messages[fault]

    def _page(self, outcome, values):
        """The page after a form that was not sent, incomplete, waiting, refused or open."""
        context = {"least": LEAST_LENGTH, "error": "", "outcome": outcome, **values}
        return request.render("ttcs_base.activation_page", context, headers=HEADERS)


def _field(parameters, name):
    """A form field as text; whatever else was sent counts as empty."""
    value = parameters.get(name)
    return value.strip()[:LONGEST_FIELD].replace("\x00", "") if isinstance(value, str) else ""
