from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...core.contract.recoupment import WorkRow, recoup

WORK_KINDS = ("progress", "final")


class ConstructionInstalment(models.Model):
    """What instalments take back of the advance, and what is then left to pay.

    Where a contract takes its advance back, rows of work share the whole contract (gross) and the advances stand
    outside that sum; a row then asks for its gross amount less what it takes back.
    """

    _inherit = "construction.instalment"

    amount_recouped_booked = fields.Monetary(
        compute="_compute_amount_recouped_booked",
        # the plan splits around it, as around `amount_booked`
        store=True,
        export_string_translation=False,
        help="What the invoices of this instalment take back of the advance, drafts included.",
    )
    amount_recouped = fields.Monetary(
        string="Advance Taken Back",
        compute="_compute_amount_recouped",
        # summed in lists and prints
        store=True,
        help="Part of the advance this instalment takes back, taxes included.",
    )
    amount_gross = fields.Monetary(
        string="Gross",
        compute="_compute_amount_recouped",
        store=True,
        help="What this instalment is worth before the advance is taken back, taxes included.",
    )

    # === COMPUTE === #

    @api.depends("invoice_ids.state", "kind", "contract_id.advance_recoup")
    def _compute_amount_recouped_booked(self):
        takers = self.filtered(
            lambda row: row.invoice_ids and row.kind != "advance" and row.contract_id.advance_recoup != "none"
        )
        (self - takers)._set_zero("amount_recouped_booked")
        for instalment in takers:
            instalment.amount_recouped_booked = sum(
                -move.direction_sign * instalment._convert_amount(move, move._get_recouped_total())
                for move in instalment._get_booked_moves()
            )

    @api.depends("amount", "amount_recouped_booked", "contract_id.advance_recoup", "contract_id.advance_recoup_percent")
    def _compute_amount_recouped(self):
        for contract, instalments in self.grouped("contract_id").items():
            recouped = {}
            if contract and contract.advance_recoup != "none":
                rows = contract.instalment_ids | instalments
                rows = rows.sorted(lambda row: (row.sequence, row._origin.id or 0))
                _gross, recouped = rows._recoup_contract(contract)
            instalments._set_each("amount_recouped", [recouped.get(row, 0.0) for row in instalments])
            instalments._set_each("amount_gross", [row.amount + row.amount_recouped for row in instalments])

    @api.depends(
        "contract_id.advance_recoup",
        "contract_id.advance_recoup_percent",
        "contract_id.instalment_ids.kind",
        "contract_id.instalment_ids.amount_recouped_booked",
    )
    def _compute_amount(self):
        super()._compute_amount()

    # === CONSTRAINT === #

    @api.constrains("kind", "amount_type", "contract_id")
    def _check_advance_is_no_rest(self):
        for instalment in self:
            if (
                instalment.kind == "advance"
                and instalment.amount_type == "rest"
                and instalment.contract_id.advance_recoup != "none"
            ):
                raise ValidationError(
                    self.env._(
                        "Advance “%(name)s” of %(contract)s is taken back later, so it cannot be the rest of the "
                        "contract: give it a percentage or an amount.",
                        name=instalment.name,
                        contract=instalment.contract_id.name,
                    )
                )

    # === BUSINESS === #

    def _split_contract(self, contract):
        if contract.advance_recoup == "none":
            return super()._split_contract(contract)
        gross, recouped = self._recoup_contract(contract)
        currency = contract.currency_id or contract.company_id.currency_id
        return tuple(currency.round(gross[row] - recouped.get(row, 0.0)) for row in self)

    def _recoup_contract(self, contract):
        """What rows of a contract with a recouped advance are worth, and what they take back.

        :param contract: of all these rows, which are in the order of the plan
        :return: two dicts of row → amount: worth before, taken back (only rows of work)
        """
        currency = contract.currency_id or contract.company_id.currency_id
        advances = self.filtered(lambda row: row.kind == "advance")
        shares = self - advances
        gross = dict(zip(shares, super(ConstructionInstalment, shares)._split_contract(contract), strict=True))
        for row in advances:
            # alone: the advance is no part of what the others share
            gross[row] = super(ConstructionInstalment, row)._split_contract(contract)[0]
        work = shares.filtered(lambda row: row.kind in WORK_KINDS)
        result = recoup(
            sum(gross[row] for row in advances),
            [WorkRow(gross[row], None if row._get_frozen_amount(currency) is None else row.amount_recouped_booked) for row in work],
            contract.advance_recoup,
            contract.advance_recoup_percent,
            currency.rounding or 0.01,
        )
        return gross, dict(zip(work, result.amounts, strict=True))

    def _get_booked_gross(self):
        return super()._get_booked_gross() + self.amount_recouped_booked

    def _check_recoupable(self):
        """Refuse to take back an advance the client was not billed yet."""
        self.ensure_one()
        advances = self.contract_id._get_advance_rows()
        if self.currency_id.compare_amounts(self.amount_recouped, 0.0) <= 0:
            return
        billed = sum(advances.mapped("amount_booked"))
        left = billed - sum((self.contract_id.instalment_ids - self).mapped("amount_recouped_booked"))
        if self.currency_id.compare_amounts(self.amount_recouped, left) <= 0:
            return
        raise UserError(
            self.env._(
                "“%(name)s” takes back %(recouped)s of the advance, of which %(left)s is invoiced and not taken back: "
                "invoice %(advances)s first, or lower the advance in the plan.",
                name=self.name,
                recouped=self.currency_id.format(self.amount_recouped),
                left=self.currency_id.format(left),
                advances=", ".join(advances.filtered(lambda row: row.state in ("waiting", "due")).mapped("name"))
                or ", ".join(advances.mapped("name")),
            )
        )
