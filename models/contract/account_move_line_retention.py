from odoo import api, fields, models


class AccountMoveLine(models.Model):
    """The receivable line of what the client keeps back."""

    _inherit = "account.move.line"

    retention_part = fields.Selection(
        [
            ("handover", "Until handover"),
            ("warranty", "Until the end of the warranty"),
        ],
        string="Kept Back",
        readonly=True,
        copy=False,
        help="The client keeps this part of the invoice back: its due date is the day it is released.",
    )

    # the daily job looks only at what is kept back
    _retention_idx = models.Index("(date_maturity) WHERE retention_part IS NOT NULL")

    # === COMPUTE === #

    @api.depends("retention_part")
    def _compute_term_key(self):  # pylint: disable=missing-return
        """One line a part, whatever its due date: that moves with the release."""
        super()._compute_term_key()
        for line in self:
            if line.retention_part and line.display_type == "payment_term":
                line.term_key = line.move_id._get_retention_key(line.retention_part)

    @api.depends("retention_part")
    def _compute_name(self):  # pylint: disable=missing-return
        super()._compute_name()
        for line in self:
            if line.retention_part and line.display_type == "payment_term" and not line.move_id.inalterable_hash:
                line.name = self.env._("%(name)s retention", name=line.move_id.payment_reference or "").strip()

    # === CRUD === #

    def write(self, vals):
        result = super().write(vals)
        if "date_maturity" in vals and (kept := self.filtered("retention_part")):
            kept.move_id._follow_open_terms()
        return result

    # === BUSINESS === #

    def _is_kept_back(self):
        """Whether the client may still keep this amount: a part of a retention not released yet."""
        self.ensure_one()
        if not self.retention_part:
            return False
        # reason of sudo: who reads or pays an invoice need not read its contract
        return not self.sudo().move_id.instalment_id.contract_id._get_release_date(self.retention_part)
