import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.ttcs_base.documents import format_long_date, render_xlsx

from ..decisions import (
    Dossier,
    DossierAsset,
    disposal_minutes,
    draft_decision,
    handover_minutes,
    list_sheet,
    loss_minutes,
    proposal,
)
from .ttcs_asset_decision import WITH_RECEIVER
from .ttcs_survey_reports import CITED_KINDS

FORMS = {
    "proposal": ("Tờ trình", proposal),
    "decision": ("Dự thảo quyết định", draft_decision),
    "handover": ("Biên bản giao nhận", handover_minutes),
    "disposal": ("Biên bản thanh lý", disposal_minutes),
    "loss": ("Biên bản xác định tài sản mất, hủy hoại", loss_minutes),
}

# What the paper of a decision says that was not taken, or not taken yet.
STATUSES = {
    "draft": "DỰ THẢO",
    "returned": "DỰ THẢO",
    "submitted": "DỰ THẢO – đang trình duyệt",
    "rejected": "KHÔNG ĐƯỢC PHÊ DUYỆT",
    "cancelled": "ĐÃ HỦY HỒ SƠ",
}


class TtcsAssetDecision(models.Model):
    """The documents of a dossier, and its list as a workbook."""

    _inherit = "ttcs.asset.decision"

    def _form_document(self, form="proposal"):
        self.ensure_one()
        if form == "handover" and self.kind not in WITH_RECEIVER:
            raise UserError(self.env._("Only a transfer or recall has minutes of hand-over."))
        if form == "loss" and self.kind != "loss":
            raise UserError(self.env._("Only a loss has minutes of a loss."))
        return FORMS[form][1](self._as_dossier())

    def _form_name(self, form="proposal"):
        return f"{FORMS[form][0]} {self.name}".strip(" /")

    def action_xlsx(self):
        """The list of the dossier's assets."""
        self.ensure_one()
        dossier = self._as_dossier()
        source = {
            "parameters": {"dossier": self.display_name, "date": self.date},
            "snapshot_hash": hashlib.sha256(repr(dossier.assets).encode()).hexdigest(),
            "taken_at": fields.Datetime.context_timestamp(self, fields.Datetime.now()),
        }
        name = f"Danh mục tài sản {self.name}".strip(" /").replace("/", "-")
        kit = self.env["ttcs.document.kit"]
        return kit._save_file(f"{name}.xlsx", render_xlsx([list_sheet(dossier)], source))

    def _as_dossier(self):
        self.ensure_one()
        # sudo: names of offices that take part, for the document only.
        known = self.sudo()
        if self.state in ("draft", "returned"):
            steps = self._route() if self.line_ids else []
            # sudo: see above.
            approver = steps[-1][1].sudo() if steps else known.approver_agency_id
        else:
            approver = known.approver_agency_id
        done = [day for day in self.line_ids.mapped("carried_out_on") if day]
        return Dossier(
            kind=self.kind,
            agency=self.agency_id.name,
            agency_code=self.agency_id.code or "",
            place=self.agency_id.unit_id.name,
            date=self.date,
            assets=self._as_assets(),
            reason=self.reason or "",
            approver=approver.name or "",
            approver_place=approver.unit_id.name or "",
            status=STATUSES.get(self.state, ""),
            receiver=known.receiver_agency_id.name or "",
            receiver_place=known.receiver_unit_id.full_name or "",
            method=self.method or "",
            cause=self.cause or "",
            responsibility=self.responsibility or "",
            compensation=int(self.compensation),
            expected_proceeds=int(self.expected_proceeds),
            expected_cost=int(self.expected_cost),
            decision_number=self.decision_number or "",
            decision_date=self.decision_date or None,
            carried_out_on=max(done) if done else None,
            legal_bases=self._legal_bases(),
        )

    def _as_assets(self):
        # sudo: an asset that was transferred left the reach of who gave it; its line tells it.
        lines = self.sudo().line_ids
        conditions = dict(lines._fields["condition"]._description_selection(self.env))
        return tuple(
            DossierAsset(
                code=line.code or "",
                name=line.name or "",
                place=self._place_of(line.unit_id),
                in_use_since=line.equipment_id.in_use_date or None,
                original_cost=int(line.original_cost),
                accumulated_depreciation=int(line.accumulated_depreciation),
                residual_value=int(line.residual_value),
                condition=conditions.get(line.condition, ""),
            )
            for line in lines
        )

    @api.model
    def _place_of(self, unit):
        """Hamlet and commune, without the period of the place."""
        names = dict.fromkeys(filter(None, (unit.full_name, unit.commune_id.full_name)))
        return ", ".join(names)

    def _legal_bases(self):
        """The decrees on public assets, and the documents that the levels of approval name."""
        references = (
            "ttcs_base.ttcs_legal_document_nd_186_2025",
            "ttcs_assets.ttcs_legal_document_nd_127_2025",
        )
        found = [self.env.ref(xmlid, raise_if_not_found=False) for xmlid in references]
        documents = self.env["ttcs.legal.document"].union(*filter(None, found))
        documents |= self.sudo().level_id.legal_document_id
        return tuple(self._citation(document) for document in documents)

    def _citation(self, document):
        kind = CITED_KINDS[document.kind]
        day = f" {format_long_date(document.issue_date)}" if document.issue_date else ""
        subject = document.subject[:1].lower() + document.subject[1:]
        return f"{kind} số {document.number}{day} của {document.issuer} {subject}"
