from odoo import api, fields, models

from ..estimate.construction_recipe_cost import COST_GROUP


class CrmLead(models.Model):
    """What the salesperson of a deal is expected to get for it."""

    _inherit = "crm.lead"

    amount_commission_expected = fields.Monetary(
        string="Estimated Commission",
        compute="_compute_expected_margin",
        compute_sudo=True,
        currency_field="company_currency",
        groups=COST_GROUP,
        help="What the salesperson gets of the current quotes, by the commission rates; the margin is before it.",
    )

    # === COMPUTE === #

    @api.depends("user_id")
    def _compute_expected_margin(self):  # pylint: disable=missing-return
        super()._compute_expected_margin()
        for lead in self:
            price = lead.amount_cost_expected + lead.amount_margin_expected
            lead.amount_commission_expected = lead._get_expected_commission(price) if price else 0.0

    # === HOOKS === #

    def _get_expected_commission(self, price):
        """What this deal costs in commissions; extend it for firms that share them otherwise.

        Called with sudo.

        :param float price: what the deal brings, without taxes, in the currency of its company
        :return: amount in the same currency
        """
        self.ensure_one()
        percent = self.env["construction.commission.rate"]._get_percent(
            self.user_id.id, self.construction_type_id.id, (self.company_id or self.env.company).id
        )
        return (self.company_currency or self.env.company.currency_id).round(price * percent / 100)
