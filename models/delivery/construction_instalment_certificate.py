from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class ConstructionPlanRow(models.AbstractModel):
    """A row of a plan can be the pot progress certificates are paid from."""

    _inherit = "construction.plan.row"

    trigger = fields.Selection(
        selection_add=[("certificate", "Progress certificates")],
        ondelete={"certificate": "set default"},
    )

    def _describe_event(self):
        if self.trigger == "certificate":
            return self.env._("By progress certificates")
        return super()._describe_event()

    @api.constrains("trigger", "kind")
    def _check_certificate_is_work(self):
        for row in self:
            if row.trigger == "certificate" and row.kind != "progress":
                raise ValidationError(
                    self.env._("“%(name)s”: only rows of the kind Progress are paid by certificates.", name=row.name)
                )


class ConstructionInstalment(models.Model):
    """Certificates take their instalments out of a pot: one row of the plan with the trigger `certificate`.

    Whatever the pot asks for (a percentage, an amount, the rest), what certificates took is taken off it: pot and
    certificates together are always what the pot alone was.
    """

    _inherit = "construction.instalment"

    certificate_id = fields.Many2one(
        "construction.certificate",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The progress certificate this instalment pays.",
    )

    # === COMPUTE === #

    @api.depends("contract_id.instalment_ids.trigger", "contract_id.instalment_ids.certificate_id")
    def _compute_amount(self):
        return super()._compute_amount()

    # === CONSTRAINT === #

    @api.constrains("trigger", "contract_id")
    def _check_one_pot(self):
        for contract in self.contract_id:
            if len(contract.instalment_ids.filtered(lambda row: row._is_pot())) > 1:
                raise ValidationError(
                    self.env._(
                        "The plan of %(contract)s already has a row for progress certificates.", contract=contract.name
                    )
                )

    # === CRUD === #

    def write(self, vals):
        guarded = {"amount_type", "percent", "amount_fixed", "amount", "trigger", "kind", "contract_id", "sequence"}
        if guarded & vals.keys() and not self.env.su:
            for row in self.filtered(lambda row: row.certificate_id or (row._is_pot() and "trigger" in vals)):
                names = guarded & vals.keys() - {"sequence"}
                if row._is_changed([name for name in names if name in row._fields], vals):
                    row._check_free_of_certificates()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_certified(self):
        if not self.env.su:
            for row in self:
                row._check_free_of_certificates()

    # === HOOKS === #

    def _split_shares(self, contract):
        pot = self.filtered(lambda row: row._is_pot())[:1]
        carved = self.filtered("certificate_id")
        if not pot or not carved:
            return super()._split_shares(contract)
        others = self - carved
        currency = contract.currency_id or contract.company_id.currency_id
        amounts = dict(zip(others, super(ConstructionInstalment, others)._split_shares(contract), strict=True))
        for row in carved:
            amounts[row] = row._get_carved(currency)
            amounts[pot] -= amounts[row]
        # less than nothing: the contract shrank below what is certified, and the plan says it asks for too much
        amounts[pot] = currency.round(max(amounts[pot], 0.0))
        return tuple(amounts[row] for row in self)

    def _get_day_happened(self):
        if self.trigger == "certificate":
            # reason of sudo: whoever reads the plan need not read certificates
            certificate = self.sudo().certificate_id
            return certificate.step == "approved" and certificate.date
        return super()._get_day_happened()

    def _get_day_planned(self, shifts=None):
        if self.trigger == "certificate":
            return self._shift(self.contract_id.date_end, self.contract_id, shifts)
        return super()._get_day_planned(shifts)

    # === BUSINESS === #

    def _is_pot(self):
        """Whether certificates take their instalments out of this row."""
        self.ensure_one()
        return self.trigger == "certificate" and not self.certificate_id

    def _get_carved(self, currency):
        """What this instalment of a certificate takes out of the pot: what its invoices bill, else what it asks for."""
        self.ensure_one()
        frozen = self._get_frozen_amount(currency)
        return currency.round(self.amount_fixed) if frozen is None else frozen

    def _check_free_of_certificates(self):
        self.ensure_one()
        if self.certificate_id and self.certificate_id.sudo().step == "approved":  # reason of sudo: its step only
            raise UserError(
                self.env._(
                    "“%(name)s” comes from a progress certificate: withdraw the certificate to change it.",
                    name=self.name,
                )
            )
        others = self.contract_id.instalment_ids.filtered("certificate_id") - self
        if self._is_pot() and others:
            raise UserError(
                self.env._(
                    "“%(name)s” pays the progress certificates of %(contract)s: cancel these first.",
                    name=self.name,
                    contract=self.contract_id.name,
                )
            )
