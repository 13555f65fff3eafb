from odoo import api, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

TEXTS = {
    "unknown_kind": _lt("This page is out of date and cannot send this. Update it, then retry."),
    "wrong_field": _lt("Something in this is missing or wrong (%(field)s). Correct it."),
    "unknown_choice": _lt("This choice no longer exists (%(field)s). Choose another."),
    "too_many_photos": _lt("There are more than %(most)s photos. Leave some out."),
    "photo_missing": _lt("Photo %(number)s did not arrive. Send it again."),
    "photo_too_large": _lt("Photo %(number)s is larger than 8 MB. Take it again, smaller."),
    "photo_not_photo": _lt(
        "File %(number)s is not a photo. Nothing was recorded: take the photo again."
    ),
    "photo_too_many_pixels": _lt(
        "Photo %(number)s has more than 25 million pixels. Take it again at a lower resolution."
    ),
    "photo_damaged": _lt("Photo %(number)s is damaged. Take it again."),
    "outside_country": _lt("This position is not in Vietnam. Measure again outdoors."),
    "accuracy_unknown": _lt(
        "The phone does not say how exact this position is. Measure again outdoors."
    ),
    "position_far": _lt(
        "This position is %(distance)s km from the assets of %(place)s. Measure again beside the "
        "asset; if it was moved there, have the office correct its place first."
    ),
    "position_inexact": _lt("This position is too inexact (%(accuracy)s m). Measure again."),
    "position_worse": _lt(
        "The recorded position is more exact (%(stored)s m) than this one (%(accuracy)s m). "
        "Measure again, or replace it all the same."
    ),
    "asset_out_of_reach": _lt(
        "This asset is not, or no longer, in your area. Nothing was changed; tell the "
        "administrator if you still look after it."
    ),
    "order_out_of_reach": _lt(
        "This work order is not, or no longer, in your area. Nothing was changed; tell the "
        "administrator if it is yours."
    ),
    "checklist_changed": _lt(
        "The office chose another checklist for this work order. Load your area again, open this "
        "from the queue and answer the new one."
    ),
    "line_unknown": _lt(
        "A line of this checklist no longer exists or is of another one. Load your area again, "
        "then open this from the queue."
    ),
    "answer_wrong": _lt(
        "The answer to “%(question)s” is not of the right kind. Open this from the queue and "
        "answer it again."
    ),
    "answer_photo_missing": _lt(
        "“%(question)s” asks for a photo. Open this from the queue and take it."
    ),
    "too_many_parts": _lt(
        "There are more than %(most)s lines of parts. Open this from the queue and put some "
        "together."
    ),
    "quantity_wrong": _lt(
        "The quantity of “%(part)s” is more than 0 and at most one million. Open this from "
        "the queue and correct it."
    ),
    "part_unknown": _lt(
        "A part is no longer in the catalogue and has no name. Load your area again, open this "
        "from the queue and choose the part anew."
    ),
    "minutes_wrong": _lt(
        "The time worked is a whole number of minutes from 1 to %(most)s (31 days). Open this "
        "from the queue and correct it."
    ),
    "sheet_out_of_reach": _lt(
        "This inventory sheet is not, or no longer, in your area. Tell who runs the inventory."
    ),
    "sheet_of_a_team": _lt(
        "%(sheet)s is counted by its team: %(team)s. Ask to be put on the team, then send again."
    ),
    "assets_out_of_reach": _lt(
        "%(count)s of these assets are not, or no longer, in your area. Nothing was handed over; "
        "make a new hand-over without them."
    ),
    "several_owners": _lt(
        "These assets belong to several agencies. Make one hand-over for each; nothing was "
        "handed over."
    ),
    "same_person": _lt("Giver and receiver are the same person. Choose another receiver."),
    "receiver_out_of_reach": _lt(
        "The receiver is not, or no longer, among the people of your area. Nothing was handed "
        "over; choose somebody else."
    ),
    "signature_missing": _lt("A signature did not arrive. Send it again."),
    "signature_damaged": _lt("A signature is damaged. Make the hand-over again."),
    "no_permission": _lt("Your account may not do this. Ask the administrator for the duty."),
    "tag_forged": _lt("This is not a genuine tag of the network. Do not use it; report it."),
    "tag_out_of_reach": _lt("This tag was issued to another agency. Take one of your own."),
    "tag_is_alias": _lt("This is another code of an asset, not a tag. Scan the QR tag."),
    "not_yours": _lt("This was sent before by another account."),
    "database": _lt("The database refused this: %(reason)s"),
}

# What a field of an action is called on the phone.
FIELD_NAMES = {
    "answers": _lt("Checklist"),
    "condition": _lt("Condition seen"),
    "files": _lt("Photos"),
    "giver_name": _lt("Signed by the giver"),
    "how": _lt("How it was counted"),
    "lines": _lt("Assets"),
    "minutes": _lt("Time worked"),
    "name": _lt("What it is"),
    "note": _lt("Note"),
    "parts": _lt("Parts used"),
    "point": _lt("Where the tag is"),
    "position": _lt("Position"),
    "receiver": _lt("Received by"),
    "receiver_name": _lt("Signed by the receiver"),
    "result": _lt("Result"),
    "severity": _lt("How bad it is"),
    "text": _lt("What is wrong"),
}


class TtcsFieldRefusal(models.AbstractModel):
    """Why an action from a phone was not carried out, in the words that its user reads."""

    _name = "ttcs.field.refusal"
    _description = "Reasons of refused field actions"

    @api.model
    def _texts(self):
        """Text by reason; an add-on with kinds of its own adds theirs."""
        return TEXTS

    @api.model
    def _text(self, reason, values):
        named = FIELD_NAMES.get(values.get("field"))
        if named:
            values = {**values, "field": self.env._(named)}
        return self.env._(self._texts()[reason]) % values
