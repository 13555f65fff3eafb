from odoo import fields, models
from odoo.exceptions import UserError

# Conditions come by the hundred: neither followers nor a log of each.
QUIET = {"tracking_disable": True, "mail_notrack": True}


class TtcsInventorySheet(models.Model):
    """Closing the counting of sheets, opening them again, and taking findings over."""

    _inherit = "ttcs.inventory.sheet"

    def action_close_counting(self):
        """What was not found is missing from now on, once no phone may hold counts of it.

        Asking is written down: each phone that carries a sheet must have come with an empty
        queue since then.  Until all have, or are excused, the sheet stays open.
        """
        self.check_access("write")
        self._lock("UPDATE")
        self._check_counting()
        now = fields.Datetime.now()
        self.env.flush_all()
        # The database's clock, to the microsecond: what a phone tells is compared with it.
        self.env.cr.execute(
            """
            UPDATE ttcs_inventory_sheet
            SET closing_asked_at = clock_timestamp() AT TIME ZONE 'UTC'
            WHERE id = ANY(%s) AND closing_asked_at IS NULL
            """,
            [self.ids],
        )
        self.env.invalidate_all()
        # sudo: phones are read to be named; see _awaiting_notice.
        awaited = self.sudo().phone_ids.filtered("is_awaited")
        (self - awaited.sheet_id.with_env(self.env))._close_counting(now)
        return awaited._awaiting_notice() if awaited else True

    def _close_counting(self, now):
        if not self:
            return
        self.env.flush_all()
        self.env.cr.execute(
            """
            UPDATE ttcs_inventory_line
            SET state = 'missing', counted_quantity = 0, counted_cost = 0, counted_residual = 0,
                counted_condition = NULL, is_difference = TRUE
            WHERE sheet_id = ANY(%s) AND state = 'pending'
            """,
            [self.ids],
        )
        self.env.invalidate_all()
        self._reconcile()
        for sheet in self:
            number = sheet.number_id or self.env["ttcs.document.series"]._issue(
                sheet.agency_id, "inventory_sheet", sheet, sheet.freeze_date.year
            )
            # sudo: checked by the button; the fields themselves nobody writes.
            sheet.sudo().write(
                {
                    "state": "closed",
                    "closed_by": self.env.uid,
                    "closed_at": now,
                    "number_id": number.id,
                }
            )
        self.env.flush_all()

    def _reopen(self, reason):
        """Count sheets again as their next version; what was found stays found."""
        self.inventory_id.check_access("write")
        self._lock("UPDATE")
        for sheet in self:
            if sheet.state != "closed":
                raise UserError(
                    self.env._(
                        "%(sheet)s is still being counted, so there is nothing to reopen.",
                        sheet=sheet._title(),
                    )
                )
            # sudo: checked above; see _close_counting.
            sheet.sudo().write(
                {
                    "state": "counting",
                    "version": sheet.version + 1,
                    "reopen_reason": reason,
                    "closing_asked_at": False,
                    "closed_by": False,
                    "closed_at": False,
                }
            )
            sheet.sudo().message_post(body=self.env._("Reopened: %(reason)s", reason=reason))
        self.env.flush_all()
        # Those that only the closing made missing are to be looked for again.
        self.env.cr.execute(
            """
            UPDATE ttcs_inventory_line
            SET state = 'pending', counted_quantity = NULL, counted_cost = NULL,
                counted_residual = NULL, is_difference = FALSE
            WHERE sheet_id = ANY(%s) AND state = 'missing' AND count_id IS NULL
            """,
            [self.ids],
        )
        self.env.invalidate_all()

    def action_apply(self):
        """Give the register the conditions that were seen, unless it has newer ones.

        Places and custodians are not touched, and what is missing stays in the books until a
        decision says otherwise.
        """
        self.check_access("write")
        applied = 0
        for sheet in self:
            groups = sheet._conditions_to_apply()
            for (condition, day), asset_ids in groups.items():
                assets = self.env["maintenance.equipment"].search([("id", "in", asset_ids)])
                assets = assets._filtered_access("write")
                assets.with_context(**QUIET).write({"condition": condition, "condition_date": day})
                applied += len(assets)
            if groups:
                body = self.env._("The conditions that were seen were taken into the register.")
                sheet.sudo().message_post(body=body)  # sudo: a note of what the user just did
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if applied else "info",
                "message": self.env._(
                    "%(count)s assets of the register took over the condition seen; newer "
                    "ones stay.",
                    count=applied,
                ),
            },
        }

    def _conditions_to_apply(self):
        """Ids of assets by (condition, day seen), where the register has nothing as new."""
        self.ensure_one()
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT found.condition, found.day, array_agg(found.equipment_id)
            FROM (
                SELECT line.equipment_id, line.counted_condition AS condition,
                    (count.counted_at AT TIME ZONE 'UTC'
                        AT TIME ZONE %s)::date AS day
                FROM ttcs_inventory_line line
                JOIN ttcs_inventory_count count ON count.id = line.count_id
                WHERE line.sheet_id = %s AND line.state IN ('found', 'unexpected')
                    AND line.counted_condition IS NOT NULL
            ) found
            JOIN maintenance_equipment asset ON asset.id = found.equipment_id
            WHERE asset.condition <> found.condition
                AND (asset.condition_date IS NULL OR asset.condition_date <= found.day)
            GROUP BY found.condition, found.day
            """,
            [self.env.company._zone(), self.id],
        )
        return {(condition, day): ids for condition, day, ids in self.env.cr.fetchall()}
