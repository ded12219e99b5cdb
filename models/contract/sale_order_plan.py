from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """What an order has to do with the payment plan of its contract."""

    _inherit = "sale.order"

    plan_template_id = fields.Many2one(
        "construction.plan.template",
        string="Payment Plan",
        compute="_compute_plan_template_id",
        # proposed by the type of works, chosen on the quote
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        help="Printed on the quote; the contract starts with it.",
    )

    # === COMPUTE === #

    @api.depends("opportunity_id")
    def _compute_plan_template_id(self):
        for order in self:
            template = order.opportunity_id.construction_type_id.plan_template_id
            is_open = not template.company_id or template.company_id == order.company_id
            order.plan_template_id = template if is_open else False

    @api.depends("contract_id.is_one_off")
    def _compute_is_contractable(self):
        """A one-off sale is invoiced as any order."""
        result = super()._compute_is_contractable()
        for order in self:
            if order.is_invoiced_by_plan and order.contract_id.is_one_off:
                order.is_invoiced_by_plan = False
        return result

    # === CRUD === #

    def write(self, vals):
        if "plan_template_id" in vals:
            for order in self:
                if order.plan_template_id.id != vals["plan_template_id"] and order._is_read_only_offer():
                    raise UserError(order._get_read_only_message(["plan_template_id"]))
        return super().write(vals)

    # === BUSINESS === #

    def _prepare_instalments_values(self):
        template = self.plan_template_id
        if not template:
            return super()._prepare_instalments_values()
        return template.with_context(lang=self.partner_id.lang)._prepare_instalments_values()

    def _get_plan_rows(self):
        """The payment plan printed on the quote, to the cent of its total: of its contract, else of its template.

        :return: list of dicts (number, name, due, amount), texts in the language of the context
        """
        self.ensure_one()
        # reason of sudo: the client prints his quote in the portal
        contract = self.sudo().contract_id
        if contract and contract.state != "cancelled":
            # the plan of a contract of several orders is not that of one of them
            return contract._get_plan_rows() if contract.order_ids == self else []
        # reason of sudo: as above
        template = self.sudo().plan_template_id
        return template._get_plan_rows(self.amount_total, self.currency_id) if template.line_ids else []

    def _watch_contract_plan(self):
        """Before a change of these orders: have their contracts tell what it moves in their plans."""
        for contract, orders in self.filtered("contract_id").grouped("contract_id").items():
            contract._watch_plan(self.env._("Changed orders: %(orders)s", orders=", ".join(orders.mapped("name"))))
