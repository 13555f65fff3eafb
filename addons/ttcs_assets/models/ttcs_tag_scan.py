from datetime import timedelta

from odoo import api, fields, models

KEPT_DAYS = 400


class TtcsTagScan(models.Model):
    """One look at a tag, kept to find swapped plates and tags that nobody can read.

    Append-only and without any address of the person; rows are dropped after 400 days.
    """

    _name = "ttcs.tag.scan"
    _description = "Scan of a tag"
    _order = "id desc"
    _log_access = False
    _rec_name = "scanned_at"

    tag_id = fields.Many2one("ttcs.tag", required=True, readonly=True, ondelete="cascade")
    scanned_at = fields.Datetime(required=True, readonly=True)
    face = fields.Selection(
        [("citizen", "Citizen"), ("technician", "Technician"), ("office", "Office")],
        required=True,
        readonly=True,
    )
    user_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    latitude = fields.Float(digits=(9, 6), readonly=True)
    longitude = fields.Float(digits=(9, 6), readonly=True)

    _tag_time = models.Index("(tag_id, scanned_at DESC)")

    @api.autovacuum
    def _drop_old(self):
        limit = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        self.env.cr.execute("DELETE FROM ttcs_tag_scan WHERE scanned_at < %s", [limit])
