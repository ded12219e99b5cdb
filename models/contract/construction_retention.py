from odoo import fields, models
from odoo.tools import SQL


class ConstructionRetention(models.Model):
    """What clients keep back, invoice by invoice, read from the ledger and from the payment plans."""

    _name = "construction.retention"
    _description = "Retention"
    _auto = False
    _order = "date_expected, id"
    _rec_name = "instalment_id"
    _depends = {
        "account.move.line": [
            "move_id",
            "retention_part",
            "parent_state",
            "amount_currency",
            "amount_residual_currency",
            "currency_id",
            "date_maturity",
        ],
        "account.move": ["instalment_id", "invoice_date", "state"],
        "construction.instalment": ["kind", "amount", "amount_residual", "date_due", "state", "contract_id"],
        "construction.contract": [
            "state",
            "partner_id",
            "company_id",
            "currency_id",
            "lead_id",
            "user_id",
            "date_released_handover",
            "date_released_warranty",
            "retention_hold_reason",
        ],
    }

    contract_id = fields.Many2one("construction.contract", readonly=True)
    instalment_id = fields.Many2one("construction.instalment", readonly=True)
    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)
    # read by those who may not read invoices
    invoice_name = fields.Char(string="Invoice Number", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Client", readonly=True)
    lead_id = fields.Many2one("crm.lead", string="Deal", readonly=True)
    user_id = fields.Many2one("res.users", string="Responsible", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    date = fields.Date(string="Invoice Date", readonly=True)
    part = fields.Selection(
        [
            ("handover", "Until handover"),
            ("warranty", "Until the end of the warranty"),
            ("row", "Instalment of its own"),
        ],
        string="Kept Back",
        readonly=True,
    )
    amount = fields.Monetary(string="Retention", readonly=True)
    amount_paid = fields.Monetary(string="Paid", readonly=True)
    amount_kept = fields.Monetary(string="Still Held", readonly=True, help="Kept back, not released and not paid.")
    amount_due = fields.Monetary(string="Released, to Pay", readonly=True)
    date_expected = fields.Date(
        string="Expected On", readonly=True, help="The day it is planned to be released, or due once it is."
    )
    date_released = fields.Date(string="Released On", readonly=True)
    is_held = fields.Boolean(string="On Hold", readonly=True)
    state = fields.Selection(
        [("kept", "Kept back"), ("released", "Released"), ("paid", "Paid")],
        readonly=True,
    )

    @property
    def _table_query(self):
        return SQL("%s UNION ALL %s", self._select_withheld(), self._select_rows())

    def _select_withheld(self):
        """One row for each receivable line of what is kept back of an invoice."""
        return SQL(
            """
            SELECT part.id * 2 AS id, part.contract_id, part.instalment_id, part.move_id, part.invoice_name,
                   part.company_id, part.partner_id, part.lead_id, part.user_id, part.currency_id, part.date, part.part,
                   part.amount, part.amount - part.amount_open AS amount_paid,
                   CASE WHEN part.date_released IS NULL THEN part.amount_open ELSE 0 END AS amount_kept,
                   CASE WHEN part.date_released IS NULL THEN 0 ELSE part.amount_open END AS amount_due,
                   part.date_expected, part.date_released, part.is_held,
                   CASE WHEN part.amount_open = 0 THEN 'paid'
                        WHEN part.date_released IS NULL THEN 'kept'
                        ELSE 'released' END AS state
              FROM (
                    SELECT line.id, contract.id AS contract_id, instalment.id AS instalment_id, move.id AS move_id,
                           move.name AS invoice_name, contract.company_id, contract.partner_id, contract.lead_id,
                           contract.user_id, line.currency_id, move.invoice_date AS date, line.retention_part AS part,
                           line.amount_currency AS amount, line.amount_residual_currency AS amount_open,
                           line.date_maturity AS date_expected,
                           CASE line.retention_part WHEN 'handover' THEN contract.date_released_handover
                                                    ELSE contract.date_released_warranty END AS date_released,
                           COALESCE(contract.retention_hold_reason, '') != '' AS is_held
                      FROM account_move_line line
                      JOIN account_move move ON move.id = line.move_id
                      JOIN construction_instalment instalment ON instalment.id = move.instalment_id
                      JOIN construction_contract contract ON contract.id = instalment.contract_id
                     WHERE line.retention_part IS NOT NULL
                       AND line.parent_state = 'posted'
                   ) part
            """
        )

    def _select_rows(self):
        """One row for each instalment of the kind Retention of a contract that is signed."""
        return SQL(
            """
            SELECT part.id * 2 + 1 AS id, part.contract_id, part.id AS instalment_id, NULL::int4 AS move_id,
                   NULL::varchar AS invoice_name, part.company_id, part.partner_id, part.lead_id, part.user_id,
                   part.currency_id, NULL::date AS date, 'row' AS part,
                   part.amount, part.amount - part.amount_open AS amount_paid,
                   CASE WHEN part.is_released THEN 0 ELSE part.amount_open END AS amount_kept,
                   CASE WHEN part.is_released THEN part.amount_open ELSE 0 END AS amount_due,
                   part.date_due AS date_expected,
                   CASE WHEN part.is_released THEN part.date_due END AS date_released, part.is_held,
                   CASE WHEN part.amount_open = 0 THEN 'paid'
                        WHEN part.is_released THEN 'released'
                        ELSE 'kept' END AS state
              FROM (
                    SELECT instalment.id, instalment.contract_id, contract.company_id, contract.partner_id,
                           contract.lead_id, contract.user_id, contract.currency_id, instalment.amount,
                           GREATEST(instalment.amount_residual, 0) AS amount_open, instalment.date_due,
                           COALESCE(instalment.date_due <= CURRENT_DATE, FALSE) AS is_released,
                           COALESCE(contract.retention_hold_reason, '') != '' AS is_held
                      FROM construction_instalment instalment
                      JOIN construction_contract contract ON contract.id = instalment.contract_id
                     WHERE instalment.kind = 'retention'
                       AND instalment.amount > 0
                       AND contract.state IN ('signed', 'running', 'completed', 'closed')
                   ) part
            """
        )

    # === ACTION === #

    def action_view_invoice(self):
        """The invoice, else the contract of the instalment."""
        self.ensure_one()
        record = self.move_id or self.contract_id
        return record._get_records_action(name=self.env._("Retention"))

    def action_print_statement(self):
        """The retention statement of the contracts of these rows."""
        return self.contract_id.action_print_retention_statement()
