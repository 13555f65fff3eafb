"""The pages of the roll call as HTML: forms that need no script, for any telephone."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from odoo.api import Environment
from odoo.tools.translate import LazyTranslate

from odoo.addons.ttcs_assets.controllers.face_page import public_page
from odoo.addons.ttcs_base.light.bundle import Bundle

from .asked import Asked

_lt = LazyTranslate(__name__)

ANSWER_PATH = "/dd/nghe"
THANKS_PATH = "/dd/cam-on"

TITLE = _lt("Roll call of loudspeakers")
LISTEN = _lt("Listen to each loudspeaker while it sounds, then tap what you hear.")
ANSWERS = {"clear": _lt("Clear"), "noisy": _lt("Noisy"), "silent": _lt("Makes no sound")}
TOLD = _lt("Noted at %(time)s: %(answer)s. You may tap again.")
ALL_CLEAR = _lt("All are heard clearly")
ADD_NOTE = _lt("Add a word")
NOTE = _lt("What is wrong, which horn, since when")
UNTIL = _lt("Answers are taken until %(time)s.")
ALL_TOLD = _lt("Thank you: every loudspeaker has its answer.")
NONE_NOW = _lt("No roll call is running for your place now.")
NEXT = _lt("The next one: %(time)s on %(day)s. Open this page again then.")
OVER = _lt("That roll call is over; your answer was not counted. Thank you all the same.")
UNKNOWN_TITLE = _lt("This link is not valid")
UNKNOWN = _lt(
    "It may have been replaced by a newer one. Ask the commune's officer in charge of the station "
    "for your link."
)
ASKED = _lt("Do you hear this loudspeaker now?")
ASKED_HINT = _lt("It is being checked until %(time)s. One tap helps; nothing about you is kept.")
THANKS_TITLE = _lt("Thank you")
THANKS = _lt("Your answer helps the commune to keep its loudspeakers working.")
TOO_MANY = _lt("Too many answers from here. Wait a few minutes and try again.")

_HEADING = Markup("<h1>{}</h1>\n")
_TEXT = Markup("<p>{}</p>\n")
_PLACE = Markup('<p class="place">{}</p>\n')
_NOTE = Markup('<p class="note" role="status">{}</p>\n')
_HINT = Markup('<p class="hint">{}</p>\n')
_CARD = Markup('<section class="report" id="l-{}">\n<h2>{}</h2>\n{}</section>\n')
_FORM = Markup('<form method="post" action="{}">\n{}{}</form>\n')
_HIDDEN = Markup('<input type="hidden" name="{}" value="{}">\n')
_BUTTONS = Markup('<div class="answers">\n{}</div>\n')
_BUTTON = Markup(
    '<button type="submit" name="answer" value="{}" class="{}" aria-pressed="{}">{}</button>\n'
)
_ALL = Markup('<button type="submit" class="primary" name="answer" value="clear">{}</button>\n')
_ADD_NOTE = Markup(
    '<details><summary>{}</summary>\n<div class="field"><label for="{}">{}</label>'
    '<input id="{}" name="note" maxlength="200" autocomplete="off"></div></details>\n'
)


def listener_page(
    env: Environment,
    bundle: Bundle,
    *,
    path: str,
    place: str,
    asked: Sequence[Asked],
    key: str,
    until: str = "",
    following: tuple[str, str] | None = None,
    notice: str = "",
) -> str:
    """The page of one listener.

    :param key: of this showing of the page: a tap that arrives twice counts once
    :param until: local time at which the roll call ends
    :param following: local time and day of the next one, when none runs
    """
    title = env._(TITLE)
    content = _HEADING.format(title) + _PLACE.format(place)
    if notice:
        content += _NOTE.format(notice)
    if not asked:
        content += _TEXT.format(env._(NONE_NOW))
        if following:
            time, day = following
            content += _TEXT.format(env._(NEXT) % {"time": time, "day": day})
        return public_page(env, title, content, bundle)
    if all(one.told for one in asked):
        content += _NOTE.format(env._(ALL_TOLD))
    content += _TEXT.format(env._(LISTEN)) + _HINT.format(env._(UNTIL) % {"time": until})
    hidden = _HIDDEN.format("key", key)
    if len(asked) > 1 and not any(one.told for one in asked):
        every = _HIDDEN.format("line", "all")
        content += _FORM.format(path, hidden + every, _ALL.format(env._(ALL_CLEAR)))
    for number, one in enumerate(asked):
        content += _asked(env, one, path, hidden, number)
    return public_page(env, title, content, bundle)


def _asked(env, one, path, hidden, number):
    content = _HINT.format(one.where) if one.where else Markup()
    if one.told:
        told = env._(TOLD) % {"time": one.told_at, "answer": env._(ANSWERS[one.told]).lower()}
        content += _TEXT.format(told)
    name = f"note-{number}"
    note = _ADD_NOTE.format(env._(ADD_NOTE), name, env._(NOTE), name)
    line = hidden + _HIDDEN.format("line", one.code)
    content += _FORM.format(path, line, _answers(env, one.told) + note)
    return _CARD.format(one.code, one.name, content)


def _answers(env, told=""):
    return _BUTTONS.format(
        Markup().join(
            _BUTTON.format(answer, answer, str(answer == told).lower(), env._(words))
            for answer, words in ANSWERS.items()
        )
    )


def asked_section(env: Environment, code: str, until: str) -> Markup:
    """What the face of a loudspeaker asks passers-by while its roll call runs."""
    content = _TEXT.format(env._(ASKED_HINT) % {"time": until})
    content += _FORM.format(ANSWER_PATH, _HIDDEN.format("line", code), _answers(env))
    return _CARD.format(code, env._(ASKED), content)


def thanks_page(env: Environment, bundle: Bundle) -> str:
    title = env._(THANKS_TITLE)
    return public_page(env, title, _HEADING.format(title) + _TEXT.format(env._(THANKS)), bundle)


def refusal_page(env: Environment, bundle: Bundle, title: str, text: str) -> str:
    return public_page(env, title, _HEADING.format(title) + _TEXT.format(text), bundle)
