from odoo import api, fields, models

from ...core.contract.retention import get_open_percent, withhold
from .construction_position import AMOUNT_GROUPS


class ConstructionCertificate(models.Model):
    """What a certificate comes to for the client, read from its instalment and its invoice."""

    _inherit = "construction.certificate"

    amount_otherwise = fields.Monetary(
        string="Paid by Other Instalments",
        compute="_compute_payment",
        groups=AMOUNT_GROUPS,
        help="The share of these works the plan pays otherwise: an advance that is not taken back, a retention row.",
    )
    amount_recouped = fields.Monetary(string="Advance Taken Back", compute="_compute_payment", groups=AMOUNT_GROUPS)
    amount_billed = fields.Monetary(string="Invoice Total", compute="_compute_payment", groups=AMOUNT_GROUPS)
    amount_retained = fields.Monetary(
        string="Kept Back",
        compute="_compute_payment",
        groups=AMOUNT_GROUPS,
        help="What the client keeps back of the invoice; before there is one, what he will.",
    )
    amount_net = fields.Monetary(string="Net to Pay", compute="_compute_payment", groups=AMOUNT_GROUPS)

    # === COMPUTE === #

    @api.depends("amount_period_taxed", "instalment_ids.amount", "instalment_ids.amount_recouped")
    def _compute_payment(self):
        for certificate in self:
            # reason of sudo: plan and invoices are told to whoever sees the amounts of the certificate
            row = certificate.sudo().instalment_id
            certificate.amount_recouped = row.amount_recouped
            certificate.amount_billed = row.amount
            certificate.amount_otherwise = certificate.amount_period_taxed - row.amount_gross if row else 0.0
            certificate.amount_retained = certificate.sudo()._get_retained(row)  # as above
            certificate.amount_net = row.amount - certificate.amount_retained

    # === BUSINESS === #

    def _get_retained(self, row):
        """What the client keeps back of this certificate: of its invoices, or as the contract says before."""
        self.ensure_one()
        contract = self.contract_id
        moves = row._get_booked_moves() if row else row.invoice_ids
        if moves:
            return sum(-move.direction_sign * row._convert_amount(move, move.amount_retention) for move in moves)
        if contract.retention_method != "withheld" or not row:
            return 0.0
        base = row.amount_gross
        if contract.retention_base == "untaxed" and self.amount_period_taxed:
            base *= self.amount_period / self.amount_period_taxed
        released = contract._get_released_parts()
        percent = get_open_percent(row.retention_percent, contract._get_release_percent(), released)
        room = contract._get_retention_room(self.env["account.move"].new({"currency_id": self.currency_id.id}))
        return withhold(base, percent, self.currency_id.rounding, room=room, most=row.amount)
