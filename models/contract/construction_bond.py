from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

# A contract that is over, one way or another.
ENDED_STATES = ("completed", "closed", "cancelled")


class ConstructionBond(models.Model):
    """A bond for a contract: what it secures, and when that is over."""

    _inherit = "construction.bond"

    contract_id = fields.Many2one(
        "construction.contract",
        compute="_compute_contract_id",
        # Stored: proposed where the deal has just one contract, changed by hand.
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('lead_id', '=', lead_id)] if lead_id else []",
    )

    # === COMPUTE === #

    @api.depends("lead_id", "kind")
    def _compute_contract_id(self):
        for bond in self:
            contracts = bond.lead_id.contract_ids.filtered(lambda contract: contract.state != "cancelled")
            # A bid is made before there is a contract.
            if bond.kind != "bid" and not bond.contract_id and len(contracts) == 1:
                bond.contract_id = contracts
            else:
                bond.contract_id = bond.contract_id

    @api.depends("contract_id.company_id")
    def _compute_company_id(self):
        result = super()._compute_company_id()
        for bond in self.filtered("contract_id"):
            bond.company_id = bond.contract_id.company_id
        return result

    @api.depends("contract_id")
    def _compute_partner_id(self):
        result = super()._compute_partner_id()
        for bond in self:
            bond.partner_id = bond.partner_id or bond.contract_id.partner_id
        return result

    @api.depends("contract_id")
    def _compute_currency_id(self):
        return super()._compute_currency_id()

    @api.depends("contract_id")
    def _compute_amount(self):
        return super()._compute_amount()

    @api.depends("contract_id.state", "contract_id.date_warranty_end")
    def _compute_can_be_asked_back(self):
        return super()._compute_can_be_asked_back()

    # === ONCHANGE === #

    @api.onchange("contract_id")
    def _onchange_contract_id(self):
        if self.contract_id.lead_id and not self.lead_id:
            self.lead_id = self.contract_id.lead_id

    # === CONSTRAINT === #

    @api.constrains("lead_id", "contract_id")
    def _check_contract(self):
        for bond in self:
            if bond.contract_id.lead_id and bond.lead_id and bond.contract_id.lead_id != bond.lead_id:
                raise ValidationError(
                    self.env._(
                        "The contract %(contract)s is of another deal than %(bond)s: choose one of %(deal)s.",
                        contract=bond.contract_id.name,
                        bond=bond.display_name,
                        deal=bond._get_subject_name(),
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("contract_id") and not vals.get("lead_id"):
                contract = self.env["construction.contract"].browse(vals["contract_id"])
                vals["lead_id"] = contract.lead_id.id
        return super().create(vals_list)

    # === HOOKS === #

    def _has_subject(self):
        # A contract need not come from a deal.
        return bool(self.contract_id and not self.lead_id) or super()._has_subject()

    def _get_subject_name(self):
        # sudo: only the name
        return super()._get_subject_name() or self.sudo().contract_id.name or ""

    def _get_base(self):
        contract = self.contract_id
        return (contract.amount_total, contract.currency_id) if contract else super()._get_base()

    def _get_deputies(self):
        # sudo: whoever sees the bond need not see the contract
        return super()._get_deputies() | self.sudo().contract_id.user_id

    @api.model
    def _get_returnable_domain(self):
        ended = Domain("contract_id", "any!", [("state", "in", ENDED_STATES)])
        # It ends the day after.
        ended_warranty = Domain("contract_id", "any!", [("date_warranty_end", "<", fields.Date.context_today(self))])
        of_works = Domain("kind", "in", ("performance", "advance")) & ended
        of_warranty = Domain("kind", "=", "warranty") & ended_warranty
        return super()._get_returnable_domain() | (Domain("state", "=", "active") & (of_works | of_warranty))
