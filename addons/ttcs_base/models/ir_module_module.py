from odoo import api, models
from odoo.tools.misc import topological_sort

OWN_NAMES = "ttcs\\_%"


class IrModuleModule(models.Model):
    """Whoever reloads a language with "overwrite" keeps the suite's words for core's fields.

    Core saves the terms of all add-ons in one statement; where two of them translate one label,
    which of them wins is left to chance.
    """

    _inherit = "ir.module.module"

    @api.model
    def _load_module_terms(self, modules, langs, overwrite=False):
        super()._load_module_terms(modules, langs, overwrite=overwrite)
        if overwrite:
            own = self.search([("name", "=like", OWN_NAMES), ("state", "=", "installed")])
            for name in topological_sort(
                {module.name: module.dependencies_id.mapped("name") for module in own}
            ):
                super()._load_module_terms([name], langs, overwrite=True)
