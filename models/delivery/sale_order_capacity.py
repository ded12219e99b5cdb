from odoo import api, fields, models


class SaleOrder(models.Model):
    """The start a quote promises is the one of its deal."""

    _inherit = "sale.order"

    date_start_wanted = fields.Date(related="opportunity_id.date_start_wanted", readonly=False)

    @api.onchange("date_start_wanted")
    def _onchange_date_start_wanted(self):
        """Warn, and let be, when the works are promised before the crews have room."""
        quote, deal = self._origin, self.opportunity_id._origin
        if quote and deal.construction_type_id and self.date_start_wanted:
            return deal._prepare_start_warning(self.date_start_wanted, quote)
        return None

    def action_check_capacity(self):
        """Show from which week on the crews have room for the works of this quote."""
        self.ensure_one()
        return self.env["construction.capacity.check"]._open(self.opportunity_id, self)
