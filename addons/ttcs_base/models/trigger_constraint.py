from odoo import models


class TriggerConstraint(models.Constraint):
    """A guarantee that a trigger keeps, declared on its model so that a refusal can be read.

    The trigger belongs to the add-on's ``invariants.py``.  It raises a ``check_violation`` with
    ``CONSTRAINT = '<table>_<name of this attribute without its underscore>'`` and, as
    ``DETAIL``, the records concerned; Odoo then looks the message up here, as it does for any
    constraint of a table.

    :param message: the text, or a function of the environment and the diagnostics that gives
        it: what was refused for which record, why, and what to do
    """

    def __init__(self, message):
        super().__init__("TRIGGER", message)

    def apply_to_database(self, model):
        """Nothing: ``ttcs.invariant`` installs the triggers once all tables exist."""
