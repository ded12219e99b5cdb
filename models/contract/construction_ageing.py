from odoo import api, fields, models
from odoo.tools import SQL

# Key of the context: the day the ageing is read of. Without it, today.
AS_OF = "construction_as_of"


class ConstructionAgeing(models.Model):
    """Open receivables of construction invoices by how late they are, part by part, straight from the ledger."""

    _name = "construction.ageing"
    _description = "Ageing of Receivables"
    _auto = False
    _order = "date_due, id"
    _rec_name = "invoice_name"
    _depends = {
        "account.move.line": [
            "move_id",
            "account_id",
            "company_id",
            "currency_id",
            "date",
            "date_maturity",
            "display_type",
            "parent_state",
            "reconciled",
            "balance",
            "amount_currency",
            "amount_residual",
            "amount_residual_currency",
            "retention_part",
            "lead_id",
        ],
        "account.move": ["contract_id", "instalment_id", "lead_id", "move_type", "name", "invoice_date_due"],
        "account.partial.reconcile": ["amount", "max_date", "debit_move_id", "credit_move_id"],
        "construction.contract": ["user_id", "lead_id", "date_released_handover", "date_released_warranty"],
        "construction.instalment": ["kind", "date_due", "date_promised", "date_disputed"],
        "crm.lead": ["user_id"],
    }

    invoice_name = fields.Char(string="Invoice", readonly=True)
    move_id = fields.Many2one("account.move", readonly=True)
    instalment_id = fields.Many2one("construction.instalment", readonly=True)
    contract_id = fields.Many2one("construction.contract", readonly=True)
    lead_id = fields.Many2one("crm.lead", string="Deal", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Client", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    deal_user_id = fields.Many2one("res.users", string="Salesperson of the Deal", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    currency_id = fields.Many2one("res.currency", string="Currency of the Invoice", readonly=True)
    date_due = fields.Date(string="To Pay By", readonly=True)
    days_late = fields.Integer(readonly=True, aggregator="max")
    date_promised = fields.Date(string="Promised For", readonly=True)
    is_disputed = fields.Boolean(string="Disputed", readonly=True)
    amount_currency = fields.Monetary(string="In Currency", readonly=True)
    amount = fields.Monetary(string="Outstanding", currency_field="company_currency_id", readonly=True)
    amount_not_due = fields.Monetary(string="Not Due", currency_field="company_currency_id", readonly=True)
    amount_30 = fields.Monetary(string="1–30 Days", currency_field="company_currency_id", readonly=True)
    amount_60 = fields.Monetary(string="31–60 Days", currency_field="company_currency_id", readonly=True)
    amount_90 = fields.Monetary(string="61–90 Days", currency_field="company_currency_id", readonly=True)
    amount_more = fields.Monetary(string="Over 90 Days", currency_field="company_currency_id", readonly=True)
    amount_retained = fields.Monetary(
        string="Kept Back",
        currency_field="company_currency_id",
        readonly=True,
        help="Retentions the client may still keep: never late before they are released.",
    )

    @property
    def _table_query(self):
        as_of = fields.Date.to_date(self.env.context.get(AS_OF))
        day = as_of or fields.Date.context_today(self)
        return SQL(
            """
            SELECT line.id, line.move_id, line.company_id, line.company_currency_id, line.currency_id,
                   line.invoice_name, line.instalment_id, line.contract_id, line.lead_id, line.partner_id,
                   line.user_id, line.deal_user_id, line.date_due, line.date_promised, line.is_disputed,
                   line.amount, line.amount_currency,
                   CASE WHEN is_retained THEN 0 ELSE GREATEST(%(day)s - line.date_due, 0) END AS days_late,
                   CASE WHEN is_retained THEN line.amount ELSE 0 END AS amount_retained,
                   CASE WHEN NOT is_retained AND date_due >= %(day)s THEN amount ELSE 0 END AS amount_not_due,
                   CASE WHEN NOT is_retained AND %(day)s - date_due BETWEEN 1 AND 30 THEN amount ELSE 0 END
                     AS amount_30,
                   CASE WHEN NOT is_retained AND %(day)s - date_due BETWEEN 31 AND 60 THEN amount ELSE 0 END
                     AS amount_60,
                   CASE WHEN NOT is_retained AND %(day)s - date_due BETWEEN 61 AND 90 THEN amount ELSE 0 END
                     AS amount_90,
                   CASE WHEN NOT is_retained AND %(day)s - date_due > 90 THEN amount ELSE 0 END AS amount_more
              FROM (%(lines)s) line
            """,
            day=day,
            lines=SQL(" UNION ALL ").join(self._select_lines(day, as_of, scope) for scope in self._get_scopes()),
        )

    def _get_scopes(self):
        """Invoices of a contract or of one deal, and those that share several deals.

        Two conditions for two queries: in one, the second would slow down what the first finds by itself.
        """
        return [
            SQL("(move.contract_id IS NOT NULL OR move.lead_id IS NOT NULL)"),
            SQL(
                """move.contract_id IS NULL AND move.lead_id IS NULL AND EXISTS (
                       SELECT 1 FROM account_move_line part WHERE part.move_id = move.id AND part.lead_id IS NOT NULL
                   )"""
            ),
        ]

    def _select_lines(self, day, as_of, scope):
        """Open receivable lines of some construction invoices, as the ledger had them on a day."""
        return SQL(
            """
            SELECT item.id, item.move_id, item.company_id, item.company_currency_id, item.currency_id,
                   move.name AS invoice_name, move.instalment_id, move.contract_id,
                   COALESCE(contract.lead_id, move.lead_id) AS lead_id, move.commercial_partner_id AS partner_id,
                   COALESCE(contract.user_id, deal.user_id, move.invoice_user_id) AS user_id,
                   deal.user_id AS deal_user_id,
                   COALESCE(item.date_maturity, move.invoice_date_due, item.date) AS date_due,
                   instalment.date_promised, instalment.date_disputed IS NOT NULL AS is_disputed,
                   %(amount)s AS amount, %(amount_currency)s AS amount_currency,
                   (
                       (item.retention_part = 'handover'
                            AND COALESCE(contract.date_released_handover > %(day)s, TRUE))
                       OR (item.retention_part = 'warranty'
                            AND COALESCE(contract.date_released_warranty > %(day)s, TRUE))
                       OR (item.retention_part IS NULL AND instalment.kind = 'retention'
                            AND COALESCE(instalment.date_due >= %(day)s, FALSE))
                   ) IS TRUE AS is_retained
              FROM account_move_line item
              JOIN account_move move ON move.id = item.move_id
         LEFT JOIN construction_contract contract ON contract.id = move.contract_id
         LEFT JOIN construction_instalment instalment ON instalment.id = move.instalment_id
         LEFT JOIN crm_lead deal ON deal.id = COALESCE(contract.lead_id, move.lead_id)
                   %(matches)s
             WHERE item.display_type = 'payment_term'
               AND item.parent_state = 'posted'
               AND move.move_type IN ('out_invoice', 'out_refund')
               AND %(scope)s
               AND %(open)s
            """,
            day=day,
            scope=scope,
            **self._get_open_parts(as_of),
        )

    @api.model
    def _get_open_parts(self, as_of):
        """What is open of a line: now by the ledger's own residual, of another day by its matches until then."""
        if not as_of:
            return {
                "amount": SQL("item.amount_residual"),
                "amount_currency": SQL("item.amount_residual_currency"),
                "matches": SQL(),
                "open": SQL("item.reconciled IS NOT TRUE"),
            }
        matches = SQL(
            """
            CROSS JOIN LATERAL (
                SELECT COALESCE(SUM(CASE WHEN partial.debit_move_id = item.id THEN partial.amount
                                         ELSE -partial.amount END), 0) AS amount,
                       COALESCE(SUM(CASE WHEN partial.debit_move_id = item.id THEN partial.debit_amount_currency
                                         ELSE -partial.credit_amount_currency END), 0) AS amount_currency
                  FROM account_partial_reconcile partial
                 WHERE (partial.debit_move_id = item.id OR partial.credit_move_id = item.id)
                   AND partial.max_date <= %s
            ) matched
            """,
            as_of,
        )
        return {
            "amount": SQL("item.balance - matched.amount"),
            "amount_currency": SQL("item.amount_currency - matched.amount_currency"),
            "matches": matches,
            "open": SQL("item.date <= %s AND ROUND(item.balance - matched.amount, 6) <> 0", as_of),
        }

    # === ACTION === #

    def action_open(self):
        """The instalment of a row, else its invoice."""
        self.ensure_one()
        record = self.instalment_id or self.move_id
        return record._get_records_action(name=self.invoice_name)

    def action_ask_date(self):
        """Ask of which day the ageing is to be read."""
        return {
            "name": self.env._("Ageing As Of"),
            "type": "ir.actions.act_window",
            "res_model": "construction.ageing.date",
            "views": [(False, "form")],
            "target": "new",
        }


class ConstructionAgeingDate(models.TransientModel):
    """The day the ageing is read of."""

    _name = "construction.ageing.date"
    _description = "Day of the Ageing"

    date = fields.Date(string="As Of", required=True, default=fields.Date.context_today)

    def action_show(self):
        """Show the ageing as the ledger had it that day."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("construction_crm.construction_ageing_action")
        day = fields.Date.to_string(self.date)
        return {
            **action,
            "path": False,
            "display_name": self.env._("Ageing as of %(date)s", date=day),
            "name": self.env._("Ageing as of %(date)s", date=day),
            "target": "main",
            "context": {"search_default_group_partner": 1, AS_OF: day},
        }
