"""The public face of a tag as HTML: readable without scripts, fonts or pictures."""

from __future__ import annotations

import re
from datetime import date

from markupsafe import Markup

from odoo.api import Environment
from odoo.tools.translate import LazyTranslate

from odoo.addons.ttcs_base.light.bundle import Bundle

from ..models.ttcs_tag_face import Face
from ..tagging import format_spoken_code

_lt = LazyTranslate(__name__)

OWNER = _lt("Grassroots information network")
CONDITIONS = {
    "good": _lt("Working"),
    "degraded": _lt("Working badly"),
    "broken": _lt("Out of order"),
    "stopped": _lt("Switched off"),
    "gone": _lt("No longer in use"),
}
SINCE = _lt("since %(month)s")
LAST_CHECKED = _lt("Last checked")
IN_MONTH = _lt("in %(month)s")
IN_CHARGE = _lt("Agency in charge")
TELEPHONE = _lt("Telephone")
CALL_CODE = _lt("Call code")
REPORT = _lt("Report a fault")
REPORT_BY_PHONE = _lt("Call %(phone)s and read out this code:")
REPORT_WITHOUT_PHONE = _lt("Tell the people's committee of the commune and read out this code:")
NEVER_ASKS = _lt(
    "This page never asks for money, a password or an identity number. If another page opened "
    "from the same pole, somebody has stuck a false code over the true one: report it."
)
REPLACED = _lt(
    "The tag that you scanned was replaced. What follows is right; the new tag has the call "
    "code below."
)

BLANK_TITLE = _lt("This tag is not on any equipment yet")
BLANK_TEXTS = (
    _lt("It is a genuine tag of the network that has not been put to use."),
    _lt(
        "Technician: sign in to the field app on this phone, scan the tag again and choose the "
        "equipment that it is stuck on."
    ),
)
OPEN_FIELD_APP = _lt("Open the field app")
REVOKED_TITLE = _lt("This tag is no longer in use")
REVOKED_TEXTS = (
    _lt("It was taken out of use and belongs on no equipment."),
    _lt(
        "If it still hangs on a pole or a cabinet, tell the people's committee of the commune "
        "and read out this code:"
    ),
)
FORGED_TITLE = _lt("This code is not one of ours")
FORGED_TEXTS = (
    _lt("If you typed the code, check every digit and try again."),
    _lt(
        "If you scanned it from a sticker, the sticker may be counterfeit, or stuck over the "
        "true one. Do not pay, do not log in and do not install anything that it asks for."
    ),
    _lt(
        "Leave the sticker where it is, take a photo of it, and tell the people's committee of "
        "the commune or the police."
    ),
)
TYPE_AGAIN = _lt("Type a code")
TYPE_TITLE = _lt("Which equipment is it?")
TYPE_LABEL = _lt("Call code of eight digits, or the code under the QR")
TYPE_HINT = _lt("It is painted on the pole or printed on the tag, such as 1234 5679.")
LOOK_UP = _lt("Look up")

_PAGE = Markup(
    """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="theme-color" content="#0b5f66">
<title>{title}</title>
<link rel="icon" href="{icon}">
{styles}{script}</head>
<body class="face">
<header><p>{owner}</p></header>
<main>
{content}
</main>
</body>
</html>
"""
)
_STYLE = Markup('<link rel="stylesheet" href="{}">\n')
_SCRIPT = Markup('<script type="module" src="{}"></script>\n')
_HEADING = Markup("<h1>{}</h1>\n")
_TEXT = Markup("<p>{}</p>\n")
_NOTE = Markup('<p class="note">{}</p>\n')
_QUIET = Markup('<p class="hint">{}</p>\n')
_WARNING = Markup('<div class="warning" role="alert">\n{}</div>\n')
_LINK = Markup('<p><a class="button" href="{}">{}</a></p>\n')
_KIND = Markup('<p class="kind">{}</p>\n')
_PLACE = Markup('<p class="place">{}</p>\n')
_CONDITION = Markup('<p class="condition {}"><strong>{}</strong> {}</p>\n')
_FACTS = Markup("<dl>\n{}</dl>\n")
_FACT = Markup("<div><dt>{}</dt><dd>{}</dd></div>\n")
_PHONE = Markup('<a href="tel:{}">{}</a>')
_CALL_CODE = Markup('<p class="call-code"><span class="hint">{}</span> {}</p>\n')
_SECTION = Markup('<section class="report">\n<h2>{}</h2>\n{}</section>\n')
_FORM = Markup(
    """<form action="/a" method="get">
<div class="field">
<label for="code">{label}</label>
<p class="hint" id="code-hint">{hint}</p>
<input id="code" name="code" required maxlength="64" autocomplete="off"
    inputmode="text" aria-describedby="code-hint">
</div>
<button class="primary" type="submit">{submit}</button>
</form>
"""
)


def face_page(env: Environment, face: Face, bundle: Bundle) -> str:
    """The page of a face in the language of the environment."""
    title, content = {
        "blank": _blank,
        "void": _without_asset,
        "revoked": _citizen if face.asset_id else _without_asset,
        "assigned": _citizen,
        "forged": _forged,
    }[face.status](env, face)
    # What is not genuine leads nowhere, not even a technician.
    script = bundle.files["face.js"].address if face.status != "forged" else None
    return public_page(env, title, content, bundle, script)


def code_page(env: Environment, bundle: Bundle) -> str:
    """The page with one field for a code."""
    title = env._(TYPE_TITLE)
    form = _FORM.format(label=env._(TYPE_LABEL), hint=env._(TYPE_HINT), submit=env._(LOOK_UP))
    return public_page(env, title, _HEADING.format(title) + form, bundle)


def public_page(env, title, content, bundle, script=None):
    """A page for everybody in the dress of the face; the content is markup."""
    return _PAGE.format(
        language=(env.lang or "en").partition("_")[0],
        title=title,
        icon=bundle.icons["icon-192.png"].address,
        styles=Markup().join(_STYLE.format(style.address) for style in bundle.styles),
        script=_SCRIPT.format(script) if script else "",
        owner=env._(OWNER),
        content=content,
    )


def _citizen(env, face):
    content = _NOTE.format(env._(REPLACED)) if face.status == "revoked" else Markup()
    content += _KIND.format(face.kind) + _HEADING.format(face.name)
    content += _PLACE.format(", ".join(filter(None, (face.hamlet, face.commune))))
    since = ""
    if face.condition_since and face.condition != "gone":
        since = env._(SINCE) % {"month": _month(face.condition_since)}
    content += _CONDITION.format(face.condition, env._(CONDITIONS[face.condition]), since)
    content += _facts(env, face)
    content += env["ttcs.tag"]._face_section(face)
    if face.condition != "gone":
        content += _SECTION.format(env._(REPORT), _how_to_report(env, face))
    return face.name, content + _QUIET.format(env._(NEVER_ASKS))


def _facts(env, face):
    facts = []
    if face.checked_on:
        facts.append((LAST_CHECKED, env._(IN_MONTH) % {"month": _month(face.checked_on)}))
    if face.agency:
        facts.append((IN_CHARGE, face.agency))
    if face.phone:
        facts.append((TELEPHONE, _phone(face.phone)))
    rows = Markup().join(_FACT.format(env._(label), value) for label, value in facts)
    return _FACTS.format(rows) if facts else Markup()


def _how_to_report(env, face):
    if face.phone:
        # The sentence is escaped first, so that only the number becomes a link.
        sentence = Markup.escape(env._(REPORT_BY_PHONE)) % {"phone": _phone(face.phone)}
    else:
        sentence = env._(REPORT_WITHOUT_PHONE)
    return _TEXT.format(sentence) + _call_code(env, face)


def _call_code(env, face):
    return _CALL_CODE.format(env._(CALL_CODE), format_spoken_code(face.spoken_code))


def _phone(text):
    return _PHONE.format(re.sub(r"[^+\d]", "", text), text)


def _month(day: date) -> str:
    return f"{day.month}/{day.year}"


def _blank(env, face):
    title = env._(BLANK_TITLE)
    texts = Markup().join(_TEXT.format(env._(text)) for text in BLANK_TEXTS)
    link = _LINK.format("/kt/", env._(OPEN_FIELD_APP))
    return title, _HEADING.format(title) + texts + _call_code(env, face) + link


def _without_asset(env, face):
    title = env._(REVOKED_TITLE)
    texts = Markup().join(_TEXT.format(env._(text)) for text in REVOKED_TEXTS)
    return title, _HEADING.format(title) + texts + _call_code(env, face)


def _forged(env, _face):
    title = env._(FORGED_TITLE)
    texts = Markup().join(_TEXT.format(env._(text)) for text in FORGED_TEXTS)
    link = _LINK.format("/a", env._(TYPE_AGAIN))
    return title, _WARNING.format(_HEADING.format(title) + texts) + link
