from dataclasses import dataclass

from odoo import api, models
from odoo.exceptions import UserError


@dataclass(frozen=True)
class _Step:
    """Which records a step writes, or, without ids, that it creates some.

    No program outside can put this into the context of a call.  The context goes on to the lines
    that are written along with a record: for them it says nothing.
    """

    model: str
    ids: frozenset


class TtcsStepwiseMixin(models.AbstractModel):
    """Refuses to have written by hand what the steps of a record write.

    Read-only on a screen is no protection: the same call can be made without the screen, and an
    approval, a deadline or a total would be forged.  Here the declaration of a field decides:
    what the suite stores with ``readonly=True``, computed values included, is refused from
    whoever is not the superuser.  A step that writes it checks first who may take it, then
    writes as superuser or through ``_by_steps()``.

    ``_also_by_steps`` names fields that are not read-only in general and yet not written by
    hand in this model; ``_given_at_creation`` names read-only ones that a new record may be
    given.
    """

    _name = "ttcs.stepwise.mixin"
    _description = "Written by its steps"
    _also_by_steps = frozenset()
    _given_at_creation = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_by_hand(vals.keys() - self._given_at_creation, creates=True)
        return super().create(vals_list)

    def write(self, vals):
        self._check_by_hand(vals.keys())
        return super().write(vals)

    def _by_steps(self):
        """The same records, for a step that writes what people do not."""
        return self.with_context(ttcs_step=_Step(self._name, frozenset(self._ids)))

    def _is_step(self, creates=False):
        """Whether a step of the suite writes these records, or creates some, not a person."""
        if self.env.su:
            return True
        step = self.env.context.get("ttcs_step")
        if not isinstance(step, _Step) or step.model != self._name:
            return False
        return not step.ids if creates else step.ids.issuperset(self._ids)

    def _check_by_hand(self, names, creates=False):
        """:raises UserError: naming the fields that people do not write"""
        if self._is_step(creates):
            return
        written = [name for name in names if self._is_by_steps(name)]
        if not written:
            return
        labels = sorted(self._fields[name]._description_string(self.env) for name in written)
        raise UserError(
            self.env._(
                "%(fields)s: this follows from the steps of the record and is not entered by "
                "hand. Use the buttons of its screen.",
                fields=", ".join(labels),
            )
        )

    @api.model
    def _is_by_steps(self, name):
        """Whether only steps write a field; core's own fields are left to core."""
        field = self._fields.get(name)
        if name in self._also_by_steps:
            return True
        return bool(
            field
            and field.store
            and field.readonly
            and not field.inverse
            and (field._module or "").startswith("ttcs_")
        )
