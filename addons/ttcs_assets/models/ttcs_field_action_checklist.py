import base64
import re

from markupsafe import Markup

from odoo import api, models

from ..field_actions import ActionError, FieldAction, Timing, moment_of
from ..maintenance import AnswerError, read_value
from .maintenance_request_answering import GivenAnswer

CONFIRMER = "confirmer"


class TtcsFieldAction(models.Model):
    """What the closing of an order brings along: answers, photos and a signature.

    The files of photos are called ``before-<n>.jpg``, ``after-<n>.jpg`` or
    ``line-<id>-<n>.jpg``; any other name counts as taken after the work.
    """

    _inherit = "ttcs.field.action"

    @api.model
    def _do_close_order(self, action: FieldAction, timing: Timing):
        order = self._reached("maintenance.request", action["order"])
        if not order or order.closed_at:
            return super()._do_close_order(action, timing)
        newer = self._answer_checklist(order, action, timing)
        order.write(self._confirmation(action))
        outcome = super()._do_close_order(action, timing)
        self._keep_photos(order, action, timing)
        if newer:
            outcome.verdict = "conflict"
            outcome.message = self._told_of_newer(order, newer)
        return outcome

    @api.model
    def _attach(self, record, action, timing, photos):
        """The photos of a closing are kept with the order by their moment."""
        if action.kind != "close_order":
            super()._attach(record, action, timing, photos)

    # Answers --------------------------------------------------------------------------------

    @api.model
    def _answer_checklist(self, order, action, timing):
        """Write the answers; gives those that met a newer one of somebody else."""
        if not action["answers"]:
            return []
        if action["checklist"] and action["checklist"] != order.checklist_id.id:
            raise ActionError("checklist_changed")
        lines = self._lines_of(order, action)
        given = [
            GivenAnswer(
                answer.line,
                self._value_of(lines[answer.line], answer, order, action),
                answer.note or "",
                moment_of(answer.made_at, timing),
            )
            for answer in action["answers"]
        ]
        return order._answer(given)

    @api.model
    def _lines_of(self, order, action):
        """The lines that were answered, archived ones too: they were asked for on the phone."""
        found = (
            self.env["ttcs.checklist.line"]
            .with_context(active_test=False)
            .search_fetch(
                [
                    ("id", "in", [answer.line for answer in action["answers"]]),
                    ("checklist_id", "=", order.checklist_id.id),
                ],
                ["name", "kind"],
            )
        )
        if len(found) < len(action["answers"]):
            raise ActionError("line_unknown")
        return {line.id: line for line in found}

    @api.model
    def _value_of(self, line, answer, order, action):
        try:
            value = read_value(line.kind, answer.value)
        except AnswerError:
            raise ActionError("answer_wrong", question=line.name) from None
        if line.kind == "photo":
            sent = {_place_of(name)[1] for name in action.photo_names}
            if line.id not in sent | set(order.photo_ids.answer_id.line_id.ids):
                raise ActionError("answer_photo_missing", question=line.name)
        return value

    @api.model
    def _told_of_newer(self, order, newer):
        """Keep answers that came too late as a note, and say which ones stand."""
        rows = Markup().join(
            Markup("<li>%s: %s</li>") % (standing.name, self._in_words(standing, given))
            for standing, given in newer
        )
        order.message_post(
            body=Markup("<p>%s</p><ul>%s</ul>")
            % (self.env._("Answered on a phone before, and not written over:"), rows),
            subtype_xmlid="mail.mt_note",
        )
        # sudo: the names of colleagues who worked on the same order.
        people = {standing.sudo().answered_by_id.name for standing, _given in newer}
        return self.env._(
            "The work order was closed. %(person)s answered later than you: %(lines)s. Those "
            "answers stand; yours were added as a note.",
            person=", ".join(sorted(people)),
            lines="; ".join(standing.name for standing, _given in newer),
        )

    @api.model
    def _in_words(self, line, given):
        """What was answered, with its note, for people."""
        answer = self.env["ttcs.checklist.answer"].new(
            {
                "kind": line.kind,
                "uom": line.uom,
                **self.env["ttcs.checklist.answer"]._columns_of(line, given.value),
            }
        )
        return " – ".join(filter(None, (answer.shown_value, given.note)))

    # Photos and signature -------------------------------------------------------------------

    @api.model
    def _confirmation(self, action):
        if not action["confirmed_by"]:
            return {}
        picture = action.pictures.get(CONFIRMER)
        return {
            "confirmed_by": action["confirmed_by"],
            "signature": base64.b64encode(picture) if picture else False,
        }

    @api.model
    def _keep_photos(self, order, action, timing):
        """Keep the photos, each once; two files with the same picture are one photo."""
        taken = {photo.name: photo for photo in action["taken"] or ()}
        answers = {answer.line_id.id: answer.id for answer in order.answer_ids}
        known = set(order.photo_ids.mapped("sha256"))
        values = []
        for name, photo in zip(action.photo_names, action.photos, strict=True):
            if photo.sha256 in known:
                continue
            known.add(photo.sha256)
            moment, line_id = _place_of(name)
            where = taken.get(name)
            values.append(
                {
                    "request_id": order.id,
                    "moment": moment if moment != "line" or line_id in answers else "after",
                    "answer_id": answers.get(line_id, False),
                    "image": photo,
                    "taken_at": moment_of(where and where.made_at, timing),
                    **self._position_values((where and where.position) or action["position"]),
                }
            )
        self.env["ttcs.order.photo"].create(values)

    @api.model
    def _position_values(self, position):
        if not position:
            return {}
        return {
            "has_position": True,
            "latitude": position.latitude,
            "longitude": position.longitude,
            "accuracy": position.accuracy,
        }

    @api.model
    def _closed_before(self, order, action, result):
        """The slower of two technicians: his answers as a note, his files as attachments."""
        outcome = super()._closed_before(order, action, result)
        told = self._answers_in_words(order, action)
        if told:
            order.message_post(
                body=Markup("<p>%s</p><ul>%s</ul>")
                % (
                    self.env._("Also answered:"),
                    Markup().join(Markup("<li>%s</li>") % text for text in told),
                ),
                subtype_xmlid="mail.mt_note",
            )
        self._attach_files(order, action)
        return outcome

    @api.model
    def _answers_in_words(self, order, action):
        """The answers of an action as texts, whatever has become of their lines."""
        given = action["answers"] or ()
        lines = self.env["ttcs.checklist.line"].with_context(active_test=False)
        names = {
            line.id: line for line in lines.search([("id", "in", [one.line for one in given])])
        }
        told = []
        for one in given:
            line = names.get(one.line)
            try:
                value = self._in_words(line, one) if line else one.value
            except AnswerError:
                value = one.value
            told.append(f"{line.name if line else one.line}: {'' if value is None else value}")
        if action["confirmed_by"]:
            told.append(self.env._("Confirmed on site by %(name)s", name=action["confirmed_by"]))
        return told

    @api.model
    def _attach_files(self, order, action):
        person = self.env.user.name
        files = [
            (
                self.env._("Photo %(number)s of %(person)s", number=number, person=person)
                + ".jpg",
                photo.content,
                "image/jpeg",
                photo.sha256,
            )
            for number, photo in enumerate(action.photos, start=1)
        ]
        files += [
            (f"signature-{side}.png", content, "image/png", "")
            for side, content in action.pictures.items()
        ]
        # sudo: files belong to the action, which was allowed on this order.
        self.env["ir.attachment"].sudo().create(
            [
                {
                    "name": name,
                    "res_model": order._name,
                    "res_id": order.id,
                    "raw": content,
                    "mimetype": mimetype,
                    "description": f"SHA-256: {sha256}" if sha256 else False,
                }
                for name, content, mimetype, sha256 in files
            ]
        )


def _place_of(name):
    """What a file shows by its name: ``(moment, id of a line or None)``."""
    if match := re.fullmatch(r"line-([0-9]{1,9})-[0-9]{1,3}\.jpg", name, re.ASCII):
        return "line", int(match[1])
    return ("before", None) if name.startswith("before-") else ("after", None)
