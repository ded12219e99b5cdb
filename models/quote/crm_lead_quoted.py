from odoo import api, fields, models
from odoo.fields import Domain


class CrmLead(models.Model):
    """What is on offer on a deal, and finding it by the number of a quote."""

    _inherit = "crm.lead"

    amount_quoted = fields.Monetary(
        string="Quoted",
        compute="_compute_amount_quoted",
        # Stored: kanban and list sum it.
        store=True,
        compute_sudo=True,
        currency_field="company_currency",
        help="Open quotes of this deal, taxes included. Of the versions and variants of a quote just one counts: "
        "the last one sent, or the last one made while none was sent.",
    )

    # === COMPUTE === #

    @api.depends(
        "construction_type_id",
        "company_id",
        "order_ids.state",
        "order_ids.amount_total",
        "order_ids.superseded_by_id",
        "order_ids.original_id",
        "order_ids.variant_of_id",
    )
    def _compute_amount_quoted(self):
        deals = self.filtered("construction_type_id")
        for leads in (self - deals).grouped("company_currency").values():
            leads.amount_quoted = 0.0
        for lead in deals:
            quotes = lead._get_counted_quotes()
            lead.amount_quoted = sum(lead._convert_order(quote, quote.amount_total) for quote in quotes)

    # === BUSINESS === #

    def _get_counted_quotes(self):
        """Give the open quotes of a deal, one of each family: its versions and variants stand for the same works."""
        self.ensure_one()
        live = self.order_ids.filtered(lambda order: order._is_live_quote())
        families = live.grouped(lambda order: order.variant_of_id or order.original_id or order)
        return live.browse().union(
            *(max(quotes, key=lambda order: (order.state == "sent", order.id)) for quotes in families.values())
        )

    def _convert_order(self, order, amount):
        """An amount of an order in the currency of the deal, at the rate of the order."""
        target = self.company_currency or self.env.company.currency_id
        if order.currency_id == target:
            return amount
        return order.currency_id._convert(
            amount, target, order.company_id, order.date_order or fields.Date.context_today(self)
        )

    # === HOOKS === #

    @api.model
    def _get_document_domain(self, text):
        # any!: whoever sees the deal may know the numbers of its quotes
        return super()._get_document_domain(text) | Domain("order_ids", "any!", [("name", "ilike", text)])
