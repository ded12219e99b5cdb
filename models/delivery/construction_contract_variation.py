from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...core.delivery.variation import next_number

OPEN_TO_VARIATIONS = ("signed", "running", "completed")


class ConstructionContract(models.Model):
    """Its variations: proposed, approved, applied, and what they make of its value and its end."""

    _inherit = "construction.contract"

    # Computed with sudo: who reads the contract sees what it may come to, though not every quote.
    variation_order_ids = fields.One2many(
        "sale.order",
        "variation_contract_id",
        string="Quotes of Variations",
        readonly=True,
        export_string_translation=False,
    )
    variation_count = fields.Integer(compute="_compute_variations", compute_sudo=True)
    amount_proposed = fields.Monetary(
        string="Proposed Variations",
        compute="_compute_variations",
        compute_sudo=True,
        help="What variations the client has not signed yet would add, taxes included.",
    )
    amount_approved = fields.Monetary(
        string="Approved, Not Applied",
        compute="_compute_variations",
        compute_sudo=True,
        help="Variations the client has signed that are no part of the contract, taxes included.",
    )
    days_applied = fields.Integer(
        string="Days by Variations",
        compute="_compute_variations",
        compute_sudo=True,
        help="How many days later the works end by the variations applied.",
    )
    days_proposed = fields.Integer(
        compute="_compute_variations",
        compute_sudo=True,
    )
    is_open_to_variations = fields.Boolean(compute="_compute_is_open_to_variations", export_string_translation=False)

    # === COMPUTE === #

    @api.depends(
        "variation_order_ids.variation_state",
        "variation_order_ids.variation_days",
        "variation_order_ids.amount_total",
        "variation_order_ids.previous_revision_id",
    )
    def _compute_variations(self):
        for contract in self:
            by_state = contract.variation_order_ids.grouped("variation_state")
            none = contract.variation_order_ids.browse()
            proposed = by_state.get("proposed", none)
            # a revision in the making counts instead of the issue it will replace
            proposed -= proposed.previous_revision_id
            applied, approved = by_state.get("applied", none), by_state.get("approved", none)
            contract.variation_count = len(proposed | applied | approved)
            contract.amount_proposed = sum(proposed.mapped("amount_total"))
            contract.amount_approved = sum(approved.mapped("amount_total"))
            contract.days_applied = sum(applied.mapped("variation_days"))
            contract.days_proposed = sum(proposed.mapped("variation_days"))

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_is_open_to_variations(self):
        for contract in self:
            contract.is_open_to_variations = contract.state in OPEN_TO_VARIATIONS and contract._may_propose_variation()

    # === ACTION === #

    def action_propose_variation(self):
        """Ask what is added to this contract and what is taken out of it.

        :return: the action that opens the screen
        :raises AccessError: for people who neither sell nor lead these works
        :raises UserError: the contract takes no variation any more
        """
        self.ensure_one()
        self._check_can_propose_variation()
        return self.env["construction.variation.propose"]._open(self)

    def action_view_variations(self):
        """Open the variations of these contracts."""
        action = self.env["ir.actions.actions"]._for_xml_id("construction_crm.construction_variation_action")
        action["domain"] = [("contract_id", "in", self.ids), ("state", "!=", "replaced")]
        action["context"] = {"default_contract_id": self.id if len(self) == 1 else False}
        return action

    # === BUSINESS === #

    def _may_propose_variation(self):
        """Whether the user sells this contract, or leads its works."""
        self.ensure_one()
        user = self.env.user
        if self.env.su or user.has_group("project.group_project_manager"):
            return True
        if user.has_group("sales_team.group_sale_salesman") and self.has_access("write"):
            return True
        # reason of sudo: only who leads the project is asked
        project = self.sudo().construction_project_id.sudo(False)
        return bool(project) and project._is_manager()

    def _check_can_propose_variation(self):
        self.ensure_one()
        self.check_access("read")
        if not self._may_propose_variation():
            raise AccessError(
                self.env._(
                    "Only whoever sells contract %(contract)s or leads its works proposes variations of it.",
                    contract=self.name,
                )
            )
        self._check_open_to_variations()

    def _check_open_to_variations(self):
        self.ensure_one()
        if self.state not in OPEN_TO_VARIATIONS:
            raise UserError(
                self.env._(
                    "Contract %(contract)s takes no variations: only one that is signed and not closed does.",
                    contract=self.name,
                )
            )
        if self._is_settled():
            raise UserError(
                self.env._(
                    "Contract %(contract)s takes no variations any more: its final invoice is made. "
                    "Cancel that invoice, or make a contract of its own.",
                    contract=self.name,
                )
            )

    def _get_varied_positions(self):
        """The works variations can change, in the order of the contract, with sudo."""
        self.ensure_one()
        # reason of sudo: whoever may propose sees the quantities of all orders of the contract
        contract = self.sudo()
        positions = self.env["construction.position"]._sync(contract.order_ids).sudo()  # reason of sudo: as above
        return positions.filtered(
            lambda position: position.contract_id == contract and not position.is_follower
        ).sorted(lambda position: (position.order_id.id, position.sequence, position.id))

    def _get_approved_certificates(self):
        self.ensure_one()
        return self.certificate_ids.filtered(lambda certificate: certificate.step == "approved")

    def _prepare_variation_values(self, values):
        """Values of the quote of a variation: who, where and in which money as the first order of the contract.

        :param dict values: the fields `variation_…` asked for
        """
        self.ensure_one()
        first = self.order_ids.filtered(lambda order: order.state == "sale").sorted("id")[:1]
        copied = (
            "partner_id",
            "partner_invoice_id",
            "partner_shipping_id",
            "company_id",
            "user_id",
            "team_id",
            "pricelist_id",
            # that of the contract, whatever became of the pricelist
            "currency_id",
            "fiscal_position_id",
            "payment_term_id",
            "presentation",
        )
        numbers = self.variation_order_ids.mapped("variation_number")
        return {
            **{name: first[name].id if first._fields[name].relational else first[name] for name in copied},
            "opportunity_id": (self.lead_id or first.opportunity_id).id,
            "variation_contract_id": self.id,
            "variation_number": next_number(numbers),
            "plan_template_id": False,
            "origin": self.name,
            **values,
        }

    def _prepare_sign_values(self):
        """Signed again, a contract is worth originally what it was without its variations."""
        values = super()._prepare_sign_values()
        # reason of sudo: a salesperson may not read every quote
        applied = self.sudo().order_ids.filtered(lambda order: order.variation_state == "applied")
        if applied:
            values["amount_original"] = self.currency_id.round(self.amount_total - sum(applied.mapped("amount_total")))
        return values
