from odoo import api, models

from ..imports.play_logs import PlayLogImport


class TtcsImportBatch(models.Model):
    """Broadcast logs of other vendors."""

    _inherit = "ttcs.import.batch"

    @api.model
    def _import_kinds(self):
        # Before the others: the last is the one that is offered first.
        return [PlayLogImport, *super()._import_kinds()]
