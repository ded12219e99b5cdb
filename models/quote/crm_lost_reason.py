from odoo import api, fields, models


class CrmLostReason(models.Model):
    _inherit = "crm.lost.reason"

    is_for_clients = fields.Boolean(
        string="Shown to Clients",
        help="Clients choose one of these reasons when they decline a quote online. The office sees the others, too.",
    )

    @api.model
    def _get_client_reasons(self):
        """Give the reasons a client may choose from."""
        return self.search([("is_for_clients", "=", True)])
