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
            clients = orders.partner_id.commercial_partner_id
            for name, values in (
                ("company_id", orders.company_id),
                ("currency_id", orders.currency_id),
                ("partner_id", clients),
            ):
                if len(values) > 1:
                    raise ValidationError(
                        self.env._(
                            "All orders of contract %(contract)s must have the same company, currency and client. "
                            "Different: %(what)s.",
                            contract=contract.name,
                            what=self._fields[name]._description_string(self.env),
                        )
                    )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(vals.get("contract_id") for vals in vals_list):
            raise UserError(self._get_contract_link_message())
        return super().create(vals_list)

    def write(self, vals):
        if (
            "contract_id" in vals
            and not self.env.su
            and any(order.contract_id.id != vals["contract_id"] for order in self)
        ):
            raise UserError(self._get_contract_link_message())
        return super().write(vals)

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

    def _set_contract(self, contract):
        """Make confirmed orders part of a contract, or of none."""
        self.check_access("write")
        # reason of sudo: nobody else passes the guard of write()
        self.sudo().contract_id = contract.id

    def _get_contract_link_message(self):
        return self.env._("An order becomes part of a contract with “Create Contract” or “Add to Contract” only.")

    def _prepare_contract_values(self):
        values = super()._prepare_contract_values()
        # reason of sudo: a deal is no obstacle to whoever may make the contract of its order
        template = self.sudo().opportunity_id.construction_type_id.contract_template_id.sudo(False)
        if template:
            values.update(template_id=template.id, **template._prepare_contract_terms(self.partner_id.lang))
        values["signatory_ids"] = [fields.Command.create(signatory) for signatory in self._prepare_signatories_values()]
        return values

    def _prepare_signatories_values(self):
        """Who signs: for us those of the last contract, for the client the person the deal is talked over with."""
        self.ensure_one()
        # reason of sudo: the last contract may be a colleague's, and the deal too
        last = (
            self.env["construction.signatory"]
            .sudo()
            .search(
                [("side", "=", "own"), ("contract_id.company_id", "=", self.company_id.id)], order="id desc", limit=1
            )
        )
        own = last.contract_id.signatory_ids.filtered(lambda signatory: signatory.side == "own")
        values = [
            {
                "side": "own",
                "partner_id": person.partner_id.id,
                "name": person.name,
                "position": person.position,
                "basis": person.basis,
            }
            for person in own
        ]
        if not values:
            person = (self.user_id or self.env.user).partner_id
            values = [{"side": "own", "partner_id": person.id}]
        person = self._get_client_person()
        return values + ([{"side": "client", "partner_id": person.id}] if person else [])

    def _get_client_person(self):
        """The person who most likely signs for the client."""
        self.ensure_one()
        client = self.partner_id.commercial_partner_id
        # reason of sudo: only the contact is taken of the deal
        contact = self.sudo().opportunity_id.partner_id.sudo(self.env.su)
        for person in (contact, self.partner_id, client.child_ids.filtered(lambda child: child.type == "contact")[:1]):
            if person and not person.is_company and person.commercial_partner_id == client:
                return person
        return client.browse()

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
