from odoo import api, models, tools


class ResCompany(models.Model):
    """Whether amounts of several companies can be added up as they are."""

    _inherit = "res.company"

    @api.model
    @tools.ormcache()
    def _get_only_currency_id(self):
        """The id of the currency of all companies, archived ones included; False where they have several."""
        # sudo: whoever adds up deals need not read the companies of others.
        companies = self.sudo().with_context(active_test=False)
        found = [currency.id for (currency,) in companies._read_group([], ["currency_id"], limit=2)]
        return found[0] if len(found) == 1 else False

    def cache_invalidation_fields(self):
        """Forget the one currency when a company gets another."""
        return super().cache_invalidation_fields() | {"currency_id"}
