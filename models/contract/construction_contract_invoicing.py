from odoo import api, fields, models

# Context key of our own invoices of an order whose contract is invoiced by its plan: see sale_order_billing.py.
BY_PLAN = "construction_invoice_by_plan"


class ConstructionInvoicingTerms(models.AbstractModel):
    """How instalments are invoiced: what a contract says, and what its construction type proposes."""

    _name = "construction.invoicing.terms"
    _description = "Invoicing Terms of Contracts"

    advance_recoup = fields.Selection(
        [
            ("none", "Not taken back"),
            ("proportional", "In proportion to the work"),
            ("percent", "By a percentage of each invoice"),
            ("last", "From the last invoices"),
        ],
        string="Take Advance Back",
        default="none",
        required=True,
        help="Not taken back: the instalments share the contract, the advance being one of them. Otherwise progress "
        "and final instalments share the whole contract, and their invoices take the advance back.",
    )
    advance_recoup_percent = fields.Float(
        string="Taken Back (%)",
        digits=(5, 2),
        help="Share of the work of each invoice that goes against the advance, until it is used up.",
    )
    invoicing_mode = fields.Selection(
        [
            ("manual", "By hand"),
            ("automatic", "Draft invoice when due"),
        ],
        string="Invoicing",
        default="manual",
        required=True,
        help="Draft invoice when due: the invoice of an instalment is drafted by itself, for a person to check.",
    )

    _advance_recoup_percent_range = models.Constraint(
        "CHECK(advance_recoup_percent >= 0 AND advance_recoup_percent <= 100)",
        "The share of an invoice that goes against the advance must lie between 0 and 100 %.",
    )

    def _prepare_invoicing_terms_values(self):
        """The terms a new contract takes over."""
        self.ensure_one()
        return {
            "advance_recoup": self.advance_recoup,
            "advance_recoup_percent": self.advance_recoup_percent,
            "invoicing_mode": self.invoicing_mode,
        }


class ConstructionType(models.Model):
    _name = "construction.type"
    _inherit = ["construction.type", "construction.invoicing.terms"]


class ConstructionContract(models.Model):
    _name = "construction.contract"
    _inherit = ["construction.contract", "construction.invoicing.terms"]

    payment_term_id = fields.Many2one(
        "account.payment.term",
        string="Payment Terms",
        check_company=True,
        tracking=True,
        help="Of the invoices of this contract. Empty: those of its order, else of the client.",
    )
    amount_advance = fields.Monetary(
        string="Advance",
        compute="_compute_advance",
        help="What the advances of this contract come to, those not invoiced yet included.",
    )
    amount_recouped = fields.Monetary(
        string="Advance Taken Back",
        compute="_compute_advance",
        help="What invoices took back of the advance.",
    )

    # === COMPUTE === #

    @api.depends("instalment_ids.kind", "instalment_ids.amount", "instalment_ids.amount_recouped_booked")
    def _compute_advance(self):
        for contract in self:
            rows = contract.instalment_ids
            contract.amount_advance = sum(rows.filtered(lambda row: row.kind == "advance").mapped("amount"))
            contract.amount_recouped = sum(rows.mapped("amount_recouped_booked"))

    # === CRUD === #

    def write(self, vals):
        result = super().write(vals)
        if "invoicing_mode" in vals:
            self.instalment_ids._schedule_due()
        return result

    # === BUSINESS === #

    def _get_missing_data(self):
        missing = super()._get_missing_data()
        if self.advance_recoup == "percent" and not self.advance_recoup_percent:
            missing.append(self.env._("The percentage by which the advance is taken back"))
        return missing

    def _get_orders_to_invoice(self):
        """The confirmed orders the plan invoices, the first one first."""
        self.ensure_one()
        return self.order_ids.filtered(lambda order: order.state == "sale").sorted("id")

    def _get_advance_rows(self):
        """The instalments whose invoices are taken back later, in the order of the plan."""
        self.ensure_one()
        if self.advance_recoup == "none":
            return self.env["construction.instalment"]
        return self.instalment_ids.filtered(lambda row: row.kind == "advance")
