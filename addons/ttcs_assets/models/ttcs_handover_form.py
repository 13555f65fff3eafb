from odoo import models

from ..decisions import HandedItem, HandoverPaper, custody_minutes


class TtcsHandover(models.Model):
    """The minutes of a hand-over."""

    _inherit = "ttcs.handover"

    def _form_document(self):
        self.ensure_one()
        conditions = dict(self.line_ids._fields["condition"]._description_selection(self.env))
        # sudo: offices and assets that its own paper names.
        known = self.sudo()
        return custody_minutes(
            HandoverPaper(
                agency=known.agency_id.name,
                agency_code=known.agency_id.code or "",
                place=known.agency_id.unit_id.name,
                date=self.date,
                giver=known.giver_person_id.name or known.agency_id.name,
                receiver=known.receiver_person_id.name or known.receiver_agency_id.name or "",
                receiver_agency=known.receiver_agency_id.name or "",
                giver_name=self.giver_name or "",
                receiver_name=self.receiver_name or "",
                is_signed=self.state == "signed",
                note=self.note or "",
                items=tuple(
                    HandedItem(
                        code=line.equipment_id.code or "",
                        name=line.equipment_id.name,
                        place=line.equipment_id.unit_id.full_name or "",
                        condition=conditions.get(line.condition, ""),
                        note=line.note or "",
                    )
                    for line in known.line_ids
                ),
            )
        )

    def _form_name(self):
        return f"Biên bản bàn giao {self.name}".strip(" /")
