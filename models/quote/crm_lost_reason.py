from odoo import api, fields, models


class CrmLostReason(models.Model):
    _inherit = "crm.lost.reason"

    is_for_clients = fields.Boolean(
        string="Shown to Clients",
        help="Clients choose one of these reasons when they decline a quote online. The office sees the others, too.",
    )

    @api.model
    def _show_stock_reason_to_clients(self):
        """Let clients choose stock's reason about the price, where it still exists."""
        reason = self.env.ref("crm.lost_reason_1", raise_if_not_found=False)
        if reason:
            reason.is_for_clients = True

    @api.model
    def _get_client_reasons(self):
        """Give the reasons a client may choose from."""
        return self.search([("is_for_clients", "=", True)])
