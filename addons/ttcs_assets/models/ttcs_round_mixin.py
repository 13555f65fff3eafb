from odoo import api, fields, models
from odoo.exceptions import UserError


class TtcsRoundMixin(models.AbstractModel):
    """A round that an agency runs over an area: opened once, answered in sheets until a day.

    The model has ``sheet_ids`` with a ``due_date`` each, and a ``state`` that begins with
    ``draft``; ``_fixed_once_open`` names the fields by which its sheets were made.
    """

    _name = "ttcs.round.mixin"
    _description = "Round over an area"
    _inherit = ["mail.thread", "ttcs.guarded.mixin"]
    _fixed_once_open = frozenset({"agency_id", "unit_id"})

    name = fields.Char(required=True, tracking=True)
    agency_id = fields.Many2one(
        "ttcs.agency",
        string="Run by",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env["ttcs.placed.mixin"]._default_agency_id(),
    )
    unit_id = fields.Many2one(
        "ttcs.unit",
        string="Area",
        required=True,
        index=True,
        ondelete="restrict",
        compute="_compute_unit_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('level', '<=', 3)]",
    )
    due_date = fields.Date(required=True, tracking=True, help="Sheets sent later are late.")
    may_run = fields.Boolean(compute="_compute_may_run")

    @api.depends("agency_id")
    def _compute_unit_id(self):
        for round_ in self:
            round_.unit_id = round_.agency_id.unit_id

    @api.depends_context("uid")
    def _compute_may_run(self):
        may = self.has_access("write") and self._filtered_access("write")
        for round_ in self:
            round_.may_run = bool(may) and round_ in may

    def write(self, vals):
        opened = self.filtered(lambda round_: round_.state == "open")
        fixed = self._fixed_once_open & set(vals)
        for round_ in opened:
            if any(round_[name] != round_._as_record(name, vals[name]) for name in fixed):
                raise UserError(
                    self.env._(
                        "The sheets of %(round)s were made for its area, day and scope. Open "
                        "another round for others.",
                        round=round_.name,
                    )
                )
        if vals.get("due_date"):
            opened._move_due_date(fields.Date.to_date(vals["due_date"]))
        return super().write(vals)

    def _move_due_date(self, day):
        """Give the sheets another last day; one that was given more time by itself keeps it."""
        for round_ in self:
            sheets = round_.sheet_ids.filtered(
                lambda sheet, usual=round_.due_date: sheet.due_date == usual
            )
            sheets.write({"due_date": day})

    def _as_record(self, name, value):
        field = self._fields[name]
        return field.convert_to_record(field.convert_to_cache(value, self), self)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_in_preparation(self):
        for round_ in self:
            if round_.state != "draft":
                raise UserError(
                    self.env._(
                        "%(round)s was opened and its sheets belong to others. Only a round in "
                        "preparation can be deleted.",
                        round=round_.name,
                    )
                )
