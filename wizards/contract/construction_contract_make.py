from odoo import api, fields, models
from odoo.exceptions import UserError


class ConstructionContractMake(models.TransientModel):
    """Ask which orders a contract is made of, or which contract an order joins."""

    _name = "construction.contract.make"
    _description = "Make a Contract of Orders"

    order_id = fields.Many2one("sale.order", required=True, readonly=True, ondelete="cascade")
    kind = fields.Selection(
        [("create", "Create a new contract"), ("join", "Add to a contract of the deal")],
        required=True,
        default="create",
    )
    candidate_ids = fields.Many2many(
        "sale.order",
        compute="_compute_candidate_ids",
        export_string_translation=False,
    )
    order_ids = fields.Many2many(
        "sale.order",
        string="Orders",
        help="The contract is made of these orders: one payment plan for all of them.",
    )
    contract_candidate_ids = fields.Many2many(
        "construction.contract",
        compute="_compute_candidate_ids",
        export_string_translation=False,
    )
    contract_id = fields.Many2one("construction.contract", ondelete="cascade")

    # === COMPUTE === #

    @api.depends("order_id")
    def _compute_candidate_ids(self):
        for wizard in self:
            order = wizard.order_id
            wizard.candidate_ids = order and order._get_contract_candidates()
            wizard.contract_candidate_ids = order and order._get_joinable_contracts().sudo(False)

    # === ACTION === #

    def action_confirm(self):
        """Do what was chosen, and open the contract."""
        self.ensure_one()
        order = self.order_id
        order._lock_order_rows()
        if order._has_live_contract():
            return order.action_view_contract()
        if self.kind == "join":
            if not self.contract_id:
                raise UserError(self.env._("Choose the contract order %(order)s joins.", order=order.name))
            return order._add_to_contract(self.contract_id)
        # the order this was started from gives the terms
        orders = order | (self.order_ids & order._get_contract_candidates())
        orders._create_contract()
        return order.action_view_contract()

    # === BUSINESS === #

    @api.model
    def _open(self, order, contract=None):
        """Open the question for an order.

        :param contract: the contract proposed to be joined; none: propose a new one of all candidates
        :return: action
        """
        wizard = self.create(
            {
                "order_id": order.id,
                "kind": "join" if contract else "create",
                "contract_id": contract.id if contract else False,
                "order_ids": [fields.Command.set(order._get_contract_candidates().ids)],
            }
        )
        return wizard._get_records_action(name=self.env._("Create Contract"), target="new")
