from odoo import api, models


class ConstructionCachedMixin(models.AbstractModel):
    """Rules and rates that are asked for often and change rarely: their answers are kept (`tools.ormcache`)."""

    _name = "construction.cached.mixin"
    _description = "Rules Whose Answers Are Kept"

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
