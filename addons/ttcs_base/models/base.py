import psycopg2

from odoo import api, models


class Base(models.AbstractModel):
    """What the database refuses without words of a model, told to a person.

    Odoo's own sentences for this exist in English alone and speak of models and constraints.
    """

    _inherit = "base"

    @api.model
    def _sql_error_to_message_generic(self, exc):
        errors = psycopg2.errors
        if isinstance(exc, errors.NotNullViolation):
            return self._missing_value_message(exc.diag)
        if isinstance(exc, errors.ForeignKeyViolation | errors.RestrictViolation):
            return self._still_used_message(exc.diag)
        return super()._sql_error_to_message_generic(exc)

    @api.model
    def _missing_value_message(self, diagnostics):
        model = self._model_of(diagnostics.table_name)
        field = model._fields.get(diagnostics.column_name)
        return self.env._(
            "%(model)s: “%(field)s” is missing. Fill it in.",
            model=model._kind_of_record(),
            field=field._description_string(self.env) if field else diagnostics.column_name,
        )

    @api.model
    def _still_used_message(self, diagnostics):
        # PostgreSQL names the table with the reference, whichever of the two sides was written.
        kind = self._model_of(diagnostics.table_name)._kind_of_record()
        if diagnostics.message_primary.startswith("insert"):
            return self.env._(
                "%(kind)s: it refers to something that does not exist, or no longer. Reload the "
                "page and choose again.",
                kind=kind,
            )
        return self.env._(
            "This is still used (%(kind)s), so it cannot be deleted. Archive it instead, or "
            "change first what uses it.",
            kind=kind,
        )

    @api.model
    def _model_of(self, table):
        """The model of a table; this one for the tables between two models."""
        names = (name for name, model in self.env.registry.items() if model._table == table)
        return self.env[next(names, self._name)]

    @api.model
    def _kind_of_record(self):
        """What people call the records of this model."""
        # sudo: the name of a kind of record is no secret.
        return self.env["ir.model"].sudo()._get(self._name).name or self._description
