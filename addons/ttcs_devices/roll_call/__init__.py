"""Roll call of loudspeakers: what listeners are sent, given and shown; no model in it."""

from .asked import Asked, AskedNow
from .cards import ListenerCard, render_cards
from .messages import sms_link, without_accents

__all__ = [
    "Asked",
    "AskedNow",
    "ListenerCard",
    "render_cards",
    "sms_link",
    "without_accents",
]
