from dataclasses import replace

from markupsafe import Markup

from odoo import api, models

from ..field_actions import ActionError, FieldAction, Timing


class TtcsFieldAction(models.Model):
    """Parts used and time worked, as a closing tells them; prices are never on the phone.

    They are written before the closing freezes the order.  What the account or the catalogue
    does not let be a line of the order is kept in its resolution, so that nothing is lost.
    """

    _inherit = "ttcs.field.action"

    @api.model
    def _do_close_order(self, action: FieldAction, timing: Timing):
        order = self._reached("maintenance.request", action["order"])
        if not order or order.closed_at:
            return super()._do_close_order(action, timing)
        told = [*self._use_parts(order, action), *self._enter_labour(order, action)]
        if told:
            note = "\n".join(filter(None, (action["note"], *told)))
            action = replace(action, payload={**action.payload, "note": note})
        return super()._do_close_order(action, timing)

    @api.model
    def _use_parts(self, order, action):
        """Add the parts to the order; gives those that its note must tell instead."""
        parts = self._with_names(action)
        if not parts:
            return []
        lines = self.env["ttcs.order.part"]
        if not lines.has_access("create"):
            return [self._parts_in_words(parts)]
        lines.create(
            [
                {
                    "request_id": order.id,
                    "part_id": part.id,
                    "quantity": used.quantity,
                    **self._named_freely(used, part),
                    **self._price_left_open(order),
                }
                for used, part in parts
            ]
        )
        return []

    @api.model
    def _with_names(self, action):
        """Each used part with its record of the catalogue: archived ones too, empty for what is
        named freely or was deleted meanwhile.

        :returns: list of ``(UsedPart, ttcs.spare.part)``
        :raises ActionError: for a part that is neither known nor named
        """
        used = action["parts"] or ()
        catalogue = self.env["ttcs.spare.part"].with_context(active_test=False)
        wanted = [one.part for one in used if one.part]
        known = {part.id: part for part in catalogue.search([("id", "in", wanted)])}
        parts = [(one, known.get(one.part, catalogue)) for one in used]
        if any(not part and not one.name for one, part in parts):
            raise ActionError("part_unknown")
        return parts

    @api.model
    def _named_freely(self, used, part):
        return {} if part else {"name": used.name, "unit_price": 0}

    @api.model
    def _price_left_open(self, order):
        """While a warranty runs and nobody has said who pays, the office enters the price: a
        technician can say neither, and the parts are used."""
        is_open = order.warranty_until and order.paid_by == "own"
        return {"unit_price": 0} if is_open and not order.no_claim_reason else {}

    @api.model
    def _enter_labour(self, order, action):
        """Add the time worked to the order; gives what its note must tell instead."""
        if not action["minutes"]:
            return []
        # sudo: who the user himself is.
        person = self.env.user.sudo().ttcs_person_ids
        labour = self.env["ttcs.order.labour"]
        if not person or not labour.has_access("create"):
            return [self._minutes_in_words(action["minutes"])]
        labour.create(
            {"request_id": order.id, "person_id": person.id, "minutes": action["minutes"]}
        )
        return []

    @api.model
    def _closed_before(self, order, action, result):
        """The slower of two technicians: his parts and his time as a note."""
        outcome = super()._closed_before(order, action, result)
        told = []
        if action["parts"]:
            told.append(self._parts_in_words(self._with_names(action)))
        if action["minutes"]:
            told.append(self._minutes_in_words(action["minutes"]))
        if told:
            order.message_post(
                body=Markup("<p>%s</p><ul>%s</ul>")
                % (
                    self.env._("Also reported, and not counted among the costs:"),
                    Markup().join(Markup("<li>%s</li>") % text for text in told),
                ),
                subtype_xmlid="mail.mt_note",
            )
        return outcome

    @api.model
    def _parts_in_words(self, parts):
        texts = [self._part_in_words(used, part) for used, part in parts]
        return self.env._("Parts used: %(parts)s", parts="; ".join(texts))

    @api.model
    def _part_in_words(self, used, part):
        """What was used and how much of it: "Cầu chì 5A: 2 cái"."""
        quantity = self.env["ttcs.checklist.answer"]._figure_in_words(used.quantity, part.uom)
        return f"{part.name or used.name}: {quantity}"

    @api.model
    def _minutes_in_words(self, minutes):
        return self.env._("Time worked: %(minutes)s minutes", minutes=minutes)
