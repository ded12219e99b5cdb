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
        "what the client has in hand, or the last draft while nothing was sent.",
    )

    # === COMPUTE === #

    @api.depends(
        "construction_type_id",
        "company_id",
        "order_ids.state",
        "order_ids.amount_total",
        "order_ids.superseded_by_id",
        "order_ids.currency_id",
        "order_ids.variant_of_id",
    )
    def _compute_amount_quoted(self):
        deals = self.filtered("construction_type_id")
        for leads in (self - deals).grouped("company_currency").values():
            leads.amount_quoted = 0.0
        for lead in deals:
            quotes = lead._get_live_orders().filtered(lambda order: order.state != "sale")
            lead.amount_quoted = lead._add_up_orders(quotes, "amount_total")

    # === HOOKS === #

    @api.model
    def _get_document_domain(self, text):
        # any!: whoever sees the deal may know the numbers of its quotes
        return super()._get_document_domain(text) | Domain("order_ids", "any!", [("name", "ilike", text)])

    @api.model
    def _get_sums_from_documents(self):
        return [*super()._get_sums_from_documents(), "amount_quoted"]
