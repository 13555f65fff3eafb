from odoo import models


class TtcsReform(models.Model):
    """Tags that stand nowhere yet follow their agency."""

    _inherit = "ttcs.reform"

    def _hand_over_records(self):
        lines = super()._hand_over_records()
        followed = {old: new for old, new in self._moves().agencies.items() if new}
        step = [list(followed), list(followed.values())]
        self.env.cr.execute(
            """
            UPDATE ttcs_tag_roll roll SET agency_id = step.new_id
            FROM unnest(%s::integer[], %s::integer[]) AS step (old_id, new_id)
            WHERE roll.agency_id = step.old_id
            """,
            step,
        )
        self.env.cr.execute(
            """
            UPDATE ttcs_tag tag SET agency_id = step.new_id
            FROM unnest(%s::integer[], %s::integer[]) AS step (old_id, new_id)
            WHERE tag.agency_id = step.old_id AND tag.state = 'blank'
            """,
            step,
        )
        self.env.invalidate_all(flush=False)
        return lines

    def action_minutes(self):
        """Lists and minutes of what was handed over."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Minutes of the hand-over"),
            "res_model": "ttcs.reform.minutes",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_reform_id": self.id},
        }
