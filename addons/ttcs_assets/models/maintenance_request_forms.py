from odoo import fields, models
from odoo.tools import html2plaintext

from ..maintenance import (
    LabourDone,
    OrderPaper,
    PartUsed,
    acceptance_minutes,
    repair_minutes,
)
from .maintenance_equipment import CONDITIONS
from .maintenance_request import CONDITION_AFTER

FORMS = {
    "repair": ("Biên bản sửa chữa", repair_minutes),
    "acceptance": ("Biên bản nghiệm thu", acceptance_minutes),
}


class MaintenanceRequest(models.Model):
    """The minutes of a work order, of the repair and of its acceptance."""

    _inherit = "maintenance.request"

    condition_before = fields.Selection(
        CONDITIONS,
        readonly=True,
        copy=False,
        help="How the asset was when the order was closed, before the result was set on it.",
    )

    equipment_condition = fields.Selection(related="equipment_id.condition")

    def _before_closing(self, vals, moment):
        super()._before_closing(vals, moment)
        for condition, orders in self.grouped("equipment_condition").items():
            orders._by_steps().write({"condition_before": condition})

    def _form_document(self, form="repair"):
        self.ensure_one()
        return FORMS[form][1](self.with_context(lang="vi_VN")._as_paper())

    def _form_name(self, form="repair"):
        return f"{FORMS[form][0]} {self.equipment_id.code or self.equipment_id.name or self.id}"

    def _as_paper(self):
        # sudo: names of offices, people and terms of the contract, for the document only.
        known = self.sudo()
        asset, agency = known.equipment_id, known.agency_id or known.equipment_id.agency_id
        after = CONDITION_AFTER.get(self.result)
        return OrderPaper(
            agency=agency.name or self.env.company.name,
            agency_code=agency.code or "",
            place=agency.unit_id.name or known.unit_id.name or "…………",
            title=self.name.rstrip("."),
            asset=asset.name or self.name,
            asset_code=asset.code or "",
            asset_place=self._place_in_words(known.unit_id),
            serial=asset.serial_no or "",
            model=asset.model or "",
            reported_at=self._local(self.reported_at),
            reporter=self._in_words("reported_by"),
            description=html2plaintext(self.description or "").strip(),
            condition_before=self._in_words(
                "condition_before", self.condition_before or asset.condition
            ),
            condition_after=self._in_words("condition_before", after or False),
            result=self._in_words("result"),
            resolution=(self.resolution or "").strip(),
            parts=known._parts_on_paper(),
            labour=known._labour_on_paper(),
            other_cost=int(self.other_cost),
            cost_total=int(self.cost_total),
            payer=self._in_words("paid_by"),
            technician=known.user_id.name or "",
            closed_at=self._local(self.closed_at) if self.closed_at else None,
            repair_due=self._local(self.repair_due) if self.repair_due else None,
            contract=known.service_contract_id.number or "",
            contractor=known.contractor_id.name or "",
            downtime=self.downtime_minutes if self.closed_at else 0,
            penalty_percent=self.penalty_percent,
            no_claim_reason=(self.no_claim_reason or "").rstrip("."),
        )

    def _in_words(self, field, value=None):
        """The label of a selection in the language of the context, empty for no value."""
        labels = dict(self._fields[field]._description_selection(self.env))
        return labels.get(self[field] if value is None else value, "")

    def _place_in_words(self, unit):
        names = dict.fromkeys(filter(None, (unit.full_name, unit.commune_id.full_name)))
        return ", ".join(names)

    def _parts_on_paper(self):
        return tuple(
            PartUsed(
                name=line.name,
                uom=line.uom or "",
                quantity=line.quantity,
                unit_price=int(line.unit_price),
                amount=int(line.amount),
                serials=" / ".join(filter(None, (line.serial_taken, line.serial_fitted))),
            )
            for line in self.part_ids
        )

    def _labour_on_paper(self):
        return tuple(
            LabourDone(
                worker=line.person_id.name or line.contractor_id.name,
                work=line.work or "",
                minutes=line.minutes,
                hourly_rate=int(line.hourly_rate),
                amount=int(line.amount),
            )
            for line in self.labour_ids
        )
