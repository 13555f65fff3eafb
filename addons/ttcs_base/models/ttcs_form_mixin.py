from odoo import fields, models


class TtcsFormMixin(models.AbstractModel):
    """A record that is printed as an official form, and holds the signed file of it.

    A model that inherits it says what its form tells (``_form_document``), what the file is
    called (``_form_name``) and whose it is (``_form_owner``), and grants its groups access to
    ``ttcs.form.file``.  One with several forms gives both methods a parameter ``form``, a key
    of its own, and its buttons the key in the context: ``{'form': 'proposal'}``.
    """

    _name = "ttcs.form.mixin"
    _description = "Record with an official form"

    form_file_ids = fields.One2many(
        "ttcs.form.file",
        "res_id",
        domain=lambda self: [("res_model", "=", self._name)],
        string="Signed files",
    )

    def _form_document(self):
        """What the form of this record says: ``documents.OfficialDocument``."""
        raise NotImplementedError

    def _form_name(self):
        """The file's name without its ending, as people would call it."""
        raise NotImplementedError

    def _form_owner(self):
        """Place and agency that decide who reads the signed files: ``(unit, agency)``."""
        self.ensure_one()
        return self.unit_id, self.agency_id

    def action_form_pdf(self):
        return self._form_action("pdf")

    def action_form_docx(self):
        return self._form_action("docx")

    def _form_action(self, ending):
        self.ensure_one()
        # Much of a form is gathered beyond the reader's own rights: the record itself decides.
        self.check_access("read")
        kit = self.env["ttcs.document.kit"]
        form = self.env.context.get("form")
        chosen = (form,) if form else ()
        content = kit._render(self._form_document(*chosen), ending)
        # A slash would make a folder of the name.
        name = self._form_name(*chosen).replace("/", "-")
        return kit._save_file(f"{name}.{ending}", content)
