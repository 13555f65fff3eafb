import io

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tagging import Label, LabelError, format_spoken_code, grouped_code, render_labels

# What a request prints at once; above it a job does (about 500 labels a second).
PRINTED_AT_ONCE = 1000


class TtcsLabelPrint(models.Model):
    """One printing of labels: which tags, on which stock, by whom.

    Assets without a tag in use get one here.  Kept, so that every printed code has a
    history.
    """

    _name = "ttcs.label.print"
    _description = "Printing of labels"
    _inherit = ["ttcs.plausible.mixin", "ttcs.stepwise.mixin"]
    _order = "id desc"
    _rec_name = "create_date"

    stock_id = fields.Many2one(
        "ttcs.label.stock",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env["ttcs.label.stock"].search([], limit=1),
    )
    start_offset = fields.Integer(
        string="Labels already used on the first sheet", help="0 for a whole sheet."
    )
    test_page = fields.Boolean(string="Begin with a test page")
    extra_tag = fields.Boolean(
        string="One more tag for each asset",
        help="For a second plate, such as one at the foot of the pole.",
    )
    point = fields.Selection(
        selection=lambda self: (
            self.env["ttcs.tag"]._fields["point"]._description_selection(self.env)
        ),
        default="control_box",
        string="Stuck on",
    )
    equipment_ids = fields.Many2many("maintenance.equipment", string="Assets")
    roll_id = fields.Many2one("ttcs.tag.roll")
    tag_ids = fields.Many2many("ttcs.tag", readonly=True, copy=False)
    tag_count = fields.Integer(readonly=True, copy=False, string="Labels")
    state = fields.Selection(
        [
            ("draft", "To be printed"),
            ("waiting", "Being made"),
            ("done", "Ready"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
        copy=False,
        default="draft",
    )
    message = fields.Char(readonly=True, copy=False)
    attachment_id = fields.Many2one("ir.attachment", string="PDF", readonly=True, copy=False)

    _offset_possible = models.Constraint(
        "CHECK (start_offset >= 0)", "The number of used labels cannot be negative."
    )

    @api.depends("create_date")
    def _compute_display_name(self):
        for printing in self:
            made_at = printing.create_date
            if made_at:
                moment = f"{fields.Datetime.context_timestamp(printing, made_at):%H:%M %d/%m/%Y}"
                name = self.env._("Labels of %(moment)s", moment=moment)
            else:
                name = self.env._("New labels")
            printing.display_name = name

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        model, ids = self.env.context.get("active_model"), self.env.context.get("active_ids")
        if model == "maintenance.equipment" and ids:
            values["equipment_ids"] = [(6, 0, ids)]
        if model == "ttcs.tag.roll" and ids:
            values["roll_id"] = ids[0]
        return values

    def action_print(self):
        """Make the tags that are missing, then the PDF: at once, or as a job when large."""
        self.ensure_one()
        if self.state == "draft":
            self._choose_tags()
        if self.start_offset >= self.stock_id.per_page:
            raise UserError(
                self.env._(
                    "%(stock)s has %(count)s labels a page, so 0 to %(last)s may be used up.",
                    stock=self.stock_id.name,
                    count=self.stock_id.per_page,
                    last=self.stock_id.per_page - 1,
                )
            )
        if self.tag_count > PRINTED_AT_ONCE:
            self._by_steps().state = "waiting"
            self.with_delay(description=self.env._("Print labels"))._render()
            return self._form_action()
        self._render()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}?download=true",
            "target": "download",
        }

    def _choose_tags(self):
        if self.roll_id:
            tags = self.roll_id.tag_ids.filtered(lambda tag: tag.state == "blank")
            nothing = self.env._("This roll has no blank tag left.")
        else:
            tags = self._tags_of_assets()
            nothing = self.env._("Choose the assets to print labels for.")
        if not tags:
            raise UserError(nothing)
        self._by_steps().write({"tag_ids": [(6, 0, tags.ids)], "tag_count": len(tags)})

    def _tags_of_assets(self):
        """Tags in use of the assets; new ones where there is none or one more is wanted."""
        tags = self.env["ttcs.tag"].search(
            [("equipment_id", "in", self.equipment_ids.ids), ("state", "=", "assigned")]
        )
        without = self.equipment_ids if self.extra_tag else self.equipment_ids - tags.equipment_id
        fresh = self.env["ttcs.tag"]._issue_for(without, self.point)
        return fresh if self.extra_tag else tags | fresh

    def _render(self):
        """Write the PDF and attach it; a refusal is kept as the message of the printing."""
        self.ensure_one()
        output = io.BytesIO()
        try:
            render_labels(
                self._labels(),
                self.stock_id._stock(),
                output,
                fonts=self._fonts(),
                start_offset=self.start_offset,
                test_page=self.test_page,
            )
        except (LabelError, ValueError) as error:
            self._by_steps().write({"state": "failed", "message": str(error)})
            raise UserError(
                self.env._("The labels cannot be printed: %(reason)s", reason=error)
            ) from None
        attachment = self.env["ir.attachment"].create(
            {
                "name": f"tem-{self.id}.pdf",
                "raw": output.getvalue(),
                "mimetype": "application/pdf",
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        self._by_steps().write({"state": "done", "attachment_id": attachment.id, "message": False})

    def _labels(self):
        host = self.env["ttcs.tag"]._hosts()[0]
        order = self.tag_ids.sorted(
            lambda tag: (
                tag.roll_number,
                tag.unit_id.commune_id.name or "",
                tag.unit_id.name or "",
                tag.equipment_id.name or "",
                tag.id,
            )
        )
        for tag in order:
            asset = tag.equipment_id
            yield Label(
                url=tag._address(),
                host_text=host.lower(),
                code_text=grouped_code(tag.code),
                spoken_code=format_spoken_code(tag.spoken_code),
                title=asset.name or tag.roll_id.name or "",
                line_1=asset.unit_id.full_name or "",
                line_2=asset.code or (str(tag.roll_number) if tag.roll_number else ""),
                owner=tag.agency_id.name,
            )

    @api.model
    def _fonts(self):
        return self.env["ttcs.document.kit"]._fonts()

    def _form_action(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }
