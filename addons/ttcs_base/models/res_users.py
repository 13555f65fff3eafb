from collections import defaultdict

from odoo import fields, models
from odoo.fields import Command, Domain


class ResUsers(models.Model):
    """A user of the suite: groups follow the person's assignments in force."""

    _inherit = "res.users"

    ttcs_person_ids = fields.One2many(
        "ttcs.person", "user_id", string="Person", groups="ttcs_base.ttcs_base_group_user"
    )

    def _synchronise_duties(self):
        """Make the duty groups of these users those of their assignments in force.

        Only groups that a duty names are given or taken; all others stay.  One write for all
        users who gain and lose the same groups, so that thousands cost hardly more than one.
        """
        if not self:
            return
        duty_groups = self.env["ttcs.duty"].search([]).group_id
        assignments = self.env["ttcs.assignment"]
        in_force = assignments.search(
            assignments._domain_in_force_on(self.env.company._today())
            & Domain("person_id.user_id", "in", self.ids)
            & Domain("person_id.active", "=", True)
        )
        wanted = dict.fromkeys(self, self.env["res.groups"])
        for assignment in in_force:
            wanted[assignment.person_id.user_id] |= assignment.duty_ids.group_id
        by_change = defaultdict(self.browse)
        for user, groups in wanted.items():
            held = user.group_ids & duty_groups
            by_change[held - groups, groups - held] |= user
        for (lost, gained), users in by_change.items():
            commands = [Command.unlink(group.id) for group in lost]
            commands += [Command.link(group.id) for group in gained]
            if commands:
                users.write({"group_ids": commands})
