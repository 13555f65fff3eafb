from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tagging import LabelStock, StockError


class TtcsLabelStock(models.Model):
    """A sheet or roll that an office prints labels on, in millimetres (``tagging/stock.py``)."""

    _name = "ttcs.label.stock"
    _description = "Label stock"
    _inherit = ["ttcs.plausible.mixin", "ttcs.stepwise.mixin"]
    _order = "sequence, name, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    page_width = fields.Float(string="Page width (mm)", required=True, default=210)
    page_height = fields.Float(string="Page height (mm)", required=True, default=297)
    label_width = fields.Float(string="Label width (mm)", required=True, default=70)
    label_height = fields.Float(string="Label height (mm)", required=True, default=37)
    columns = fields.Integer(required=True, default=3)
    rows = fields.Integer(required=True, default=8)
    margin_left = fields.Float(string="Left margin (mm)")
    margin_top = fields.Float(string="Top margin (mm)")
    gap_x = fields.Float(string="Gap between columns (mm)")
    gap_y = fields.Float(string="Gap between rows (mm)")
    unprintable = fields.Float(string="Unprintable rim (mm)", default=4.2)
    dots_per_inch = fields.Integer(string="Printer (dots per inch)", required=True, default=600)
    per_page = fields.Integer(compute="_compute_per_page", string="Labels per page")
    active = fields.Boolean(default=True)

    _name_unique = models.Constraint("UNIQUE (name)", "This label stock exists already.")
    _dots_positive = models.Constraint(
        "CHECK (dots_per_inch > 0)", "A printer has more than 0 dots per inch."
    )

    @api.depends("columns", "rows")
    def _compute_per_page(self):
        for stock in self:
            stock.per_page = stock.columns * stock.rows

    @api.constrains(
        "page_width",
        "page_height",
        "label_width",
        "label_height",
        "columns",
        "rows",
        "margin_left",
        "margin_top",
        "gap_x",
        "gap_y",
        "unprintable",
    )
    def _check_labels_fit(self):
        for stock in self:
            try:
                stock._stock()
            except StockError as error:
                raise ValidationError(
                    self.env._(
                        "The labels of %(stock)s do not fit: %(reason)s",
                        stock=stock.name,
                        reason=error,
                    )
                ) from None

    def _stock(self):
        """The geometry for the renderer."""
        self.ensure_one()
        return LabelStock(
            name=self.name,
            page_width=self.page_width,
            page_height=self.page_height,
            label_width=self.label_width,
            label_height=self.label_height,
            columns=self.columns,
            rows=self.rows,
            margin_left=self.margin_left,
            margin_top=self.margin_top,
            gap_x=self.gap_x,
            gap_y=self.gap_y,
            unprintable=self.unprintable,
            printer_dot=25.4 / self.dots_per_inch,
        )
