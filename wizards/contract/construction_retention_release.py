from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core.contract.retention import PARTS


class ConstructionRetentionRelease(models.TransientModel):
    """Which part of a retention is released, and when it is due. Models do, this only asks."""

    _name = "construction.retention.release"
    _description = "Release a Retention"

    contract_id = fields.Many2one("construction.contract", required=True, readonly=True)
    currency_id = fields.Many2one(related="contract_id.currency_id")
    part = fields.Selection(
        [
            ("handover", "The part until handover"),
            ("warranty", "The part until the end of the warranty"),
            ("all", "All that is kept back"),
        ],
        compute="_compute_part",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    date = fields.Date(string="Released On", default=fields.Date.context_today, required=True)
    date_due = fields.Date(
        string="Due On", compute="_compute_date_due", store=True, precompute=True, readonly=False, required=True
    )
    amount = fields.Monetary(string="Becomes Due", compute="_compute_preview")
    holds = fields.Text(string="Held Because", related="contract_id.retention_holds")
    line_ids = fields.Many2many("construction.retention", compute="_compute_preview")

    # === COMPUTE === #

    @api.depends("contract_id")
    def _compute_part(self):
        for wizard in self:
            released = wizard.contract_id._get_released_parts()
            wizard.part = next((part for part in PARTS if part not in released), "all")

    @api.depends("date")
    def _compute_date_due(self):
        for wizard in self:
            wizard.date_due = wizard.date

    @api.depends("contract_id", "part")
    def _compute_preview(self):
        for wizard in self:
            rows = self.env["construction.retention"].search(
                [
                    ("contract_id", "=", wizard.contract_id.id),
                    ("part", "in", wizard._get_parts()),
                    ("state", "=", "kept"),
                ]
            )
            wizard.line_ids = rows
            # reason of sudo: a sales manager may not read every invoice, the sum is that of the contract
            lines = wizard.contract_id.sudo()._get_retention_lines(wizard._get_parts())
            wizard.amount = wizard.contract_id.sudo()._sum_open(lines.filtered(lambda line: line._is_kept_back()))

    # === ACTION === #

    def action_release(self):
        """Release the chosen part.

        :raises AccessError: neither accountant nor sales manager
        :raises UserError: something holds it, or it would be due before it is released
        """
        self.ensure_one()
        self.contract_id._check_release_rights()
        if self.date_due < self.date:
            raise UserError(self.env._("The retention cannot be due before it is released: correct the dates."))
        self.contract_id._release_retention(self._get_parts(), self.date, self.date_due)
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS === #

    def _get_parts(self):
        return list(PARTS) if self.part == "all" else [self.part]
