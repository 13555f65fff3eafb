from odoo import models

from odoo.addons.base_import.models.base_import import ImportValidationError

from ..spreadsheet.amounts import parse_money


class BaseImportImport(models.TransientModel):
    """Reads amounts of đồng as people here write them: 16.000 is sixteen thousand.

    Core takes the point for a decimal one unless somebody chooses otherwise, and 16.000 đ came
    in as 16 đ without a word.
    """

    _inherit = "base_import.import"

    def _parse_float_from_data(self, data, index, name, options):
        field = self.env[self.res_model]._fields.get(name)
        is_amount = field is not None and field.type == "monetary"
        if is_amount and not self.env.company.currency_id.decimal_places:
            for line in data:
                amount = parse_money(line[index])
                if amount.problem and amount.value is None:
                    raise ImportValidationError(
                        self.env._(
                            "%(field)s: “%(value)s” is not an amount of whole đồng. Write it like "
                            "16.000 or 16000.",
                            field=field._description_string(self.env),
                            value=line[index],
                        ),
                        field=name,
                    )
                if amount.value is not None:
                    line[index] = str(amount.value)
        return super()._parse_float_from_data(data, index, name, options)
