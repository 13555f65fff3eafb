from odoo import models

from ..maintenance import PlannedWork, plan_document


class TtcsMaintenancePlan(models.Model):
    """The plan as an official document: of one agency, or of an area with the plans below."""

    _inherit = "ttcs.maintenance.plan"

    def _works(self):
        """The lines of this plan and of those below it, as the document tells them."""
        lines = (self | self.child_ids).line_ids
        families = dict(lines._fields["family"]._description_selection(self.env))
        return [
            PlannedWork(
                agency=line.plan_id.agency_id.name,
                task=line.task_id.name,
                family=families[line.family],
                assets=line.asset_count,
                times=line.times,
                labour=int(line.labour_cost),
                material=int(line.material_cost),
                note=line.note or "",
            )
            for line in lines
        ]

    def _form_document(self):
        self.ensure_one()
        agency = self.agency_id
        is_committee = (agency.kind or "").endswith("_committee")
        vietnamese = self.with_context(lang="vi_VN")
        return plan_document(
            vietnamese._works(),
            year=self.year,
            agency=agency.name,
            parent_body="" if is_committee else (agency.parent_id.name or ""),
            symbol=f"KH-{(agency.code or 'UBND').replace(' ', '').replace('/', '-')}",
            place=self.unit_id.name,
            purpose=self.purpose or "",
            measures=self.measures or "",
            number=self.number_id.name or "",
            is_approved=self.state == "approved",
        )

    def _form_name(self):
        return f"Kế hoạch bảo dưỡng {self.year} - {self.agency_id.name}"
