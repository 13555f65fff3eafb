import logging

from odoo import api, models

from .. import invariants

_logger = logging.getLogger(__name__)

CATALOGUE = """
    SELECT c.conrelid::regclass::text, c.conname
    FROM pg_constraint c WHERE c.convalidated AND c.contype <> 't'
    UNION
    SELECT i.indrelid::regclass::text, x.relname
    FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
    WHERE i.indisunique AND i.indisvalid
    UNION
    SELECT t.tgrelid::regclass::text, t.tgname FROM pg_trigger t WHERE t.tgenabled <> 'D'
"""


class TtcsInvariant(models.AbstractModel):
    """What the database must guarantee, compared with what it does guarantee.

    Each add-on extends ``_invariants`` and ``_trigger_sql`` from its own ``invariants.py``.
    Models that rely on them inherit ``ttcs.guarded.mixin`` and refuse to be written while one
    of their own is missing.
    """

    _name = "ttcs.invariant"
    _description = "Guarantees of the database"

    @api.model
    def _invariants(self):
        """Every ``Invariant`` of the installed add-ons."""
        return [*invariants.CONSTRAINTS, *invariants.TRIGGERS]

    @api.model
    def _trigger_sql(self):
        """The statements that install the triggers, lower add-ons first."""
        return [
            invariants.TRIGGER_SQL,
            invariants.KEEPING_SQL,
            invariants.append_only_trigger("ttcs_form_file"),
            invariants.DOCUMENT_NUMBER_SQL,
            invariants.PLACEMENT_SQL,
        ]

    def init(self):
        self.pool.post_init(self._install_triggers)

    def _install_triggers(self):
        for statements in self._trigger_sql():
            self.env.cr.execute(statements)

    def _register_hook(self):
        super()._register_hook()
        self._note_missing()

    @api.model
    def _missing(self):
        """The invariants that the catalogue does not hold."""
        self.env.cr.execute(CATALOGUE)
        present = set(self.env.cr.fetchall())
        return [
            invariant
            for invariant in self._invariants()
            if (invariant.table, invariant.name) not in present
        ]

    @api.model
    def _note_missing(self):
        """Remember per table what is missing, for the guards, and log it."""
        missing = {}
        for invariant in self._missing():
            missing.setdefault(invariant.table, []).append(invariant.name)
            _logger.error("The database lacks %s on %s", invariant.name, invariant.table)
        self.env.registry.ttcs_missing_invariants = missing
        return missing

    @api.model
    def _cron_compare(self):
        """Compare again; on a difference every process reloads, and so compares for itself."""
        known = self.env.registry.ttcs_missing_invariants
        if self._note_missing() != known:
            self.env.registry.registry_invalidated = True
