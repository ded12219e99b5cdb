from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .construction_contract_orders import JOINABLE_STATES


class SaleOrder(models.Model):
    """Which contract an order becomes part of."""

    _inherit = "sale.order"

    is_joinable = fields.Boolean(
        compute="_compute_is_joinable",
        # the contract may be a colleague's
        compute_sudo=True,
        export_string_translation=False,
        help="The deal has a contract this order can become part of.",
    )

    # === COMPUTE === #

    @api.depends("is_contractable", "opportunity_id.has_contract")
    def _compute_is_joinable(self):
        for order in self:
            order.is_joinable = order.is_contractable and bool(order._get_joinable_contracts())

    # === CONSTRAINT === #

    @api.constrains("contract_id", "company_id", "currency_id", "partner_id")
    def _check_orders_of_one_kind(self):
        """One contract is one account: with one client, in one company and one currency."""
        for contract in self.contract_id:
            orders = contract.order_ids
            for name, label in (
                ("company_id", self.env._("company")),
                ("currency_id", self.env._("currency")),
                ("partner_id.commercial_partner_id", self.env._("client")),
            ):
                if len(orders.mapped(name)) > 1:
                    raise ValidationError(
                        self.env._(
                            "All orders of contract %(contract)s must have the same company, currency and client. "
                            "Different: %(what)s.",
                            contract=contract.name,
                            what=label,
                        )
                    )

    # === ACTION === #

    def action_add_to_contract(self):
        """Make this confirmed order part of the contract of its deal.

        :return: action on the contract, or on the choice where the deal has several
        :raises UserError: not confirmed, no contract to join, or one that cannot take it
        """
        self.ensure_one()
        self.check_access("write")
        self._lock_order_rows()
        if self._has_live_contract():
            return self.action_view_contract()
        self._check_confirmed_for_contract()
        # reason of sudo: whether there is one is no secret; the right to write on it is checked where it is joined
        contracts = self._get_live_deal_contracts().sudo(False)
        if not contracts:
            raise UserError(self.env._("The deal of order %(order)s has no contract yet: create one.", order=self.name))
        joinable = self._get_joinable_contracts().sudo(False)
        if len(joinable or contracts) > 1:
            return self.env["construction.contract.make"]._open(self, contract=(joinable or contracts)[0])
        return self._add_to_contract(joinable or contracts)

    # === BUSINESS === #

    def _add_to_contract(self, contract):
        self.ensure_one()
        contract.check_access("write")
        contract._join_orders(self)
        return self.action_view_contract()

    def _has_live_contract(self):
        self.ensure_one()
        # reason of sudo: the contract may be a colleague's
        contract = self.sudo().contract_id
        return bool(contract) and contract.state != "cancelled"

    def _check_confirmed_for_contract(self):
        for order in self:
            if order.state != "sale":
                raise UserError(
                    self.env._(
                        "Confirm order %(order)s first: a contract is made of a confirmed order.", order=order.name
                    )
                )

    def _get_live_deal_contracts(self):
        """The contracts of the deal of this order that are not cancelled or closed, as superuser."""
        self.ensure_one()
        lead = self.sudo().opportunity_id  # reason of sudo: the deal or its contract may be a colleague's
        if not lead.has_contract:
            return lead.contract_ids.browse()
        return lead.contract_ids.filtered(lambda contract: contract.state in JOINABLE_STATES)

    def _get_joinable_contracts(self):
        """The contracts this order can become part of, as superuser."""
        self.ensure_one()
        order = self.sudo()  # reason of sudo: as above
        return order._get_live_deal_contracts().filtered(lambda contract: not contract._get_join_refusal(order))

    def _get_contract_candidates(self):
        """The confirmed orders that can make one contract with this one, itself first."""
        self.ensure_one()
        others = self.opportunity_id.order_ids - self
        return self | others.filtered(
            lambda order: (
                order.state == "sale"
                and not order._has_live_contract()
                and order.company_id == self.company_id
                and order.currency_id == self.currency_id
                and order.partner_id.commercial_partner_id == self.partner_id.commercial_partner_id
            )
        )
