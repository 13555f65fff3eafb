import hashlib
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.ttcs_base.documents import render_xlsx

from ..handover_minutes import HandedOver, handover_sheet, minutes


class TtcsReformMinutes(models.TransientModel):
    """Prints what a reform handed over: the list, or the minutes of one receiving agency."""

    _name = "ttcs.reform.minutes"
    _description = "Minutes of a hand-over"

    reform_id = fields.Many2one("ttcs.reform", required=True, ondelete="cascade")
    receiver_ids = fields.Many2many("ttcs.agency", compute="_compute_receiver_ids")
    agency_id = fields.Many2one("ttcs.agency", string="Receiving agency")

    @api.depends("reform_id")
    def _compute_receiver_ids(self):
        for wizard in self:
            groups = self.env["ttcs.reform.move"]._read_group(
                wizard._domain(), groupby=["agency_id"]
            )
            wizard.receiver_ids = self.env["ttcs.agency"].union(*(group[0] for group in groups))

    def _domain(self):
        domain = fields.Domain("reform_id", "=", self.reform_id.id)
        domain &= fields.Domain("model", "=", "maintenance.equipment")
        if self.agency_id:
            domain &= fields.Domain("agency_id", "=", self.agency_id.id)
        return domain

    def _assets(self):
        """What changed hands, read with the rights of the user; values of the day before."""
        date = self.reform_id.date
        moves = self.env["ttcs.reform.move"].search(self._domain())
        moves = moves.filtered(lambda move: move.old_agency_id != move.agency_id)
        if not moves:
            raise UserError(self.env._("No asset was handed over to another agency."))
        equipment = self.env["maintenance.equipment"].with_context(
            active_test=False, ttcs_as_of=date - timedelta(days=1)
        )
        assets = equipment.browse(moves.mapped("res_id")).exists()
        known = {asset.id: asset for asset in assets}
        conditions = dict(equipment._fields["condition"]._description_selection(self.env))
        return [
            HandedOver(
                giver=move.old_agency_id.name or "",
                receiver=move.agency_id.name or "",
                code=asset.code or "",
                name=asset.name,
                kind=asset.category_id.name,
                old_place=self._place(move.old_unit_id),
                new_place=self._place(move.unit_id),
                in_use_since=asset.in_use_date or None,
                original_cost=int(asset.original_cost),
                accumulated_depreciation=int(asset.accumulated_depreciation),
                residual_value=int(asset.residual_value),
                condition=conditions[asset.condition],
            )
            for move in moves
            if (asset := known.get(move.res_id))
        ]

    @api.model
    def _place(self, unit):
        """Hamlet and commune, without the period of the place."""
        names = [unit.full_name]
        if unit.commune_id and unit.commune_id != unit:
            names.append(unit.commune_id.full_name)
        return ", ".join(filter(None, names))

    def action_xlsx(self):
        self.ensure_one()
        assets = self._assets()
        source = {
            "parameters": {"reform": self.reform_id.name, "date": self.reform_id.date},
            "snapshot_hash": hashlib.sha256(repr(assets).encode()).hexdigest(),
            "taken_at": fields.Datetime.context_timestamp(self, fields.Datetime.now()),
        }
        content = render_xlsx([handover_sheet(assets, self.reform_id.date)], source)
        return self.env["ttcs.document.kit"]._save_file(
            f"Danh mục bàn giao {self.reform_id.date}.xlsx", content
        )

    def action_pdf(self):
        self.ensure_one()
        if not self.agency_id:
            raise UserError(self.env._("Choose the agency that received the assets."))
        document = minutes(
            self._assets(),
            receiver=self.agency_id.name,
            place=self.agency_id.unit_id.name,
            date=self.reform_id.date,
            decision=self.reform_id.legal_document_id.number or "",
        )
        kit = self.env["ttcs.document.kit"]
        return kit._save_file(
            f"Biên bản bàn giao {self.agency_id.name}.pdf", kit._render(document, "pdf")
        )
