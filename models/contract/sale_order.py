from odoo import api, fields, models
from odoo.exceptions import UserError

from ..pipeline.row_lock import touch
from .construction_contract import LIVE_STATES


class SaleOrder(models.Model):
    _inherit = "sale.order"

    contract_id = fields.Many2one(
        "construction.contract",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
    )
    # the contract may be a colleague's
    is_contractable = fields.Boolean(compute="_compute_is_contractable", compute_sudo=True)
    is_invoiced_by_plan = fields.Boolean(
        compute="_compute_is_contractable",
        compute_sudo=True,
        export_string_translation=False,
    )

    # === COMPUTE === #

    @api.depends("state", "contract_id.state", "opportunity_id.construction_type_id")
    def _compute_is_contractable(self):
        """Whether the form proposes a contract, or a contract invoices the order; any confirmed order may have one."""
        for order in self:
            has_contract = bool(order.contract_id) and order.contract_id.state != "cancelled"
            order.is_invoiced_by_plan = has_contract
            order.is_contractable = order.state == "sale" and order._is_construction_order() and not has_contract

    # === ACTION === #

    def action_create_contract(self):
        """Make the contract of this confirmed order, or open the one it has.

        Where the deal has more orders without a contract, ask which of them it is made of.

        :return: action on the contract, or on the question
        :raises UserError: the order is not confirmed
        """
        self.ensure_one()
        # a second click waits here and then finds the contract
        self._lock_order_rows()
        if self._has_live_contract():
            return self.action_view_contract()
        self._check_confirmed_for_contract()
        if len(self._get_contract_candidates()) > 1:
            return self.env["construction.contract.make"]._open(self)
        self._create_contract()
        return self.action_view_contract()

    def action_view_contract(self):
        self.ensure_one()
        return self.contract_id._get_records_action(name=self.env._("Contract"))

    def _action_cancel(self):
        """A signed contract stands on its order; a draft goes with it."""
        contracts = self.contract_id
        if contracts:
            for order in self.filtered(lambda order: order.contract_id.state in LIVE_STATES):
                raise UserError(
                    self.env._(
                        "Order %(order)s cannot be cancelled: contract %(contract)s is signed. "
                        "Cancel the contract first.",
                        order=order.name,
                        contract=order.contract_id.name,
                    )
                )
            for contract in contracts.filtered(lambda contract: contract.state == "draft"):
                if contract.order_ids - self:
                    contract._release_orders(contract.order_ids & self)
                else:
                    contract.action_cancel()
        return super()._action_cancel()

    # === BUSINESS === #

    def _lock_order_rows(self):
        self.flush_recordset()
        touch(self)
        self.invalidate_recordset(["contract_id"])

    def _create_contract(self):
        """Make one contract of these confirmed orders, the first of them giving its terms.

        :return: the contract
        """
        self._lock_order_rows()
        self._check_confirmed_for_contract()
        for order in self.filtered(lambda order: order._has_live_contract()):
            raise UserError(
                self.env._(
                    "Order %(order)s has a contract already: %(contract)s.",
                    order=order.name,
                    # reason of sudo: the contract may be a colleague's
                    contract=order.sudo().contract_id.name,
                )
            )
        first = self[0]
        contract = self.env["construction.contract"].create(first._prepare_contract_values())
        self._set_contract(contract)
        contract.instalment_ids = [fields.Command.create(values) for values in first._prepare_instalments_values()]
        return contract

    def _is_construction_order(self):
        """Whether this order is part of a construction deal. Other rooms know more signs of it."""
        self.ensure_one()
        return bool(self.opportunity_id.construction_type_id)

    def _prepare_contract_values(self):
        """Values of the contract made of this order."""
        self.ensure_one()
        lead = self.opportunity_id
        construction_type = lead.construction_type_id
        return {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "lead_id": lead.id,
            "construction_type_id": construction_type.id,
            "kind": construction_type.contract_kind or "service",
            "retention_percent": construction_type.retention_percent,
            "warranty_months": construction_type.warranty_months,
            "user_id": self.user_id.id or lead.user_id.id or self.env.uid,
            "user_invoicing_id": construction_type.user_invoicing_id.id,
            "date_end": self.commitment_date and self.commitment_date.date(),
        }

    def _prepare_instalments_values(self):
        """Values of the instalments of a new contract, from the plan template of the type."""
        self.ensure_one()
        lang = self.partner_id.lang
        template = self.opportunity_id.construction_type_id.plan_template_id.with_context(lang=lang)
        return template._prepare_instalments_values()
