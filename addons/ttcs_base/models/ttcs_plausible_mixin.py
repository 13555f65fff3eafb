from datetime import date

from odoo import api, models
from odoo.exceptions import ValidationError

from ..plausible import FIRST_YEAR, LAST_YEAR, MOST_CHARACTERS, fault_of


class TtcsPlausibleMixin(models.AbstractModel):
    """Refuses days, numbers and texts that cannot be meant, in words, whoever sends them."""

    _name = "ttcs.plausible.mixin"
    _description = "Values that can be meant"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_plausible(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_plausible(vals)
        return super().write(vals)

    @api.model
    def _check_plausible(self, vals):
        """:raises ValidationError: naming the field and what to enter"""
        for name, value in vals.items():
            field = self._fields.get(name)
            fault = field and value and fault_of(field.type, value)
            if field and field.required and isinstance(value, str) and not value.strip():
                fault = "blank"
            # The ORM would cut the text without a word.
            most = getattr(field, "size", None)
            if most and isinstance(value, str) and len(value) > most:
                fault = "too_long"
            if fault:
                raise ValidationError(self._implausible(field, value, fault))

    @api.model
    def _shown(self, value):
        """The value as people write it."""
        if isinstance(value, bool | str):
            return str(value)[:40]
        if isinstance(value, date):
            return f"{value.day:02}/{value.month:02}/{value.year}"
        whole, fraction = f"{value:.2f}".rstrip("0").rstrip(".").partition(".")[::2]
        shown = f"{int(whole):,}".replace(",", ".")
        return f"{shown},{fraction}" if fraction else shown

    @api.model
    def _implausible(self, field, value, fault):
        named = {"field": field._description_string(self.env), "value": self._shown(value)}
        if fault == "blank":
            return self.env._("%(field)s: nothing was entered. Fill it in.", **named)
        if fault == "fraction":
            return self.env._(
                "%(field)s: %(value)s has a fraction. Amounts are whole đồng.", **named
            )
        if fault == "unreadable" and field.type in ("date", "datetime"):
            return self.env._(
                "%(field)s: “%(value)s” is not a day. Write it as day/month/year.", **named
            )
        if fault == "unreadable":
            return self.env._("%(field)s: “%(value)s” is not a number. Use digits only.", **named)
        if fault == "far_day":
            return self.env._(
                "%(field)s: %(value)s cannot be meant. Enter a year from %(first)s to %(last)s.",
                first=str(FIRST_YEAR),
                last=str(LAST_YEAR),
                **named,
            )
        if fault == "too_large":
            return self.env._(
                "%(field)s: %(value)s is too large. Check the number of zeros.", **named
            )
        if fault == "too_long":
            return self.env._(
                "%(field)s: the text has %(length)s characters, at most %(most)s are kept. "
                "Shorten it, or attach it as a file.",
                length=len(value),
                most=getattr(field, "size", None) or MOST_CHARACTERS[field.type],
                **named,
            )
        return self.env._(
            "%(field)s: the text holds a character that cannot be stored. Type it again "
            "instead of pasting it.",
            **named,
        )
