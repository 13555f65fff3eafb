from odoo import fields, models
from odoo.fields import Command


class ResUsers(models.Model):
    """A user of the suite: groups follow the person's assignments in force."""

    _inherit = "res.users"

    ttcs_person_ids = fields.One2many("ttcs.person", "user_id", string="Person")

    def _synchronise_duties(self):
        """Make the duty groups of these users those of their assignments in force.

        Only groups that a duty names are given or taken; all others stay.  Four queries for
        any number of users whose groups are right already.
        """
        if not self:
            return
        duty_groups = self.env["ttcs.duty"].search([]).group_id
        assignments = self.env["ttcs.assignment"]
        domain = assignments._domain_in_force_on(self.env.company._today())
        in_force = assignments.search(domain & fields.Domain("person_id.user_id", "in", self.ids))
        wanted = dict.fromkeys(self, self.env["res.groups"])
        for assignment in in_force:
            wanted[assignment.person_id.user_id] |= assignment.duty_ids.group_id
        for user, groups in wanted.items():
            held = user.group_ids & duty_groups
            commands = [Command.unlink(group.id) for group in held - groups]
            commands += [Command.link(group.id) for group in groups - held]
            if commands:
                user.write({"group_ids": commands})
