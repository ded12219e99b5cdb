from odoo import fields, models
from odoo.tools import SQL


class ConstructionCommission(models.Model):
    """What salespeople sold, line by line: invoiced on the day of the invoice, collected when the money came.

    An amount collected is spread over the lines of its invoice by differences of rounded running sums, so that it
    adds up to the cent after each payment. Credit notes count negative. Amounts are without taxes, in the currency
    of the company.
    """

    _name = "construction.commission"
    _description = "Commission"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "invoice_name"
    _depends = {
        "account.move": ["contract_id", "commercial_partner_id", "invoice_date", "invoice_user_id", "name", "state"],
        "account.move.line": ["balance", "display_type", "lead_id", "parent_state", "product_id", "account_id"],
        "account.partial.reconcile": ["amount", "max_date", "debit_move_id", "credit_move_id"],
        "construction.commission.rate": ["user_id", "construction_type_id", "percent", "company_id"],
        "construction.contract": ["user_id", "construction_type_id", "lead_id"],
        "crm.lead": ["user_id", "construction_type_id"],
        "product.template": ["categ_id"],
        "res.company": ["construction_commission_basis"],
    }

    kind = fields.Selection([("invoiced", "Invoiced"), ("collected", "Collected")], string="What", readonly=True)
    date = fields.Date(readonly=True, help="The day of the invoice, or of the money.")
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Client", readonly=True)
    contract_id = fields.Many2one("construction.contract", readonly=True)
    lead_id = fields.Many2one("crm.lead", string="Deal", readonly=True)
    construction_type_id = fields.Many2one("construction.type", readonly=True)
    product_id = fields.Many2one("product.product", string="Service", readonly=True)
    product_categ_id = fields.Many2one("product.category", string="Category", readonly=True)
    move_id = fields.Many2one("account.move", readonly=True)
    invoice_name = fields.Char(string="Invoice", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    amount_invoiced = fields.Monetary(string="Invoiced", currency_field="company_currency_id", readonly=True)
    amount_collected = fields.Monetary(string="Collected", currency_field="company_currency_id", readonly=True)
    percent = fields.Float(string="Rate (%)", readonly=True, aggregator="avg")
    commission = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        help="The rate taken of what was invoiced or of what was collected, as the settings say.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            WITH line AS (%(lines)s)
            SELECT part.id, part.kind, part.date, line.user_id, line.partner_id, line.contract_id, line.lead_id,
                   line.construction_type_id, line.product_id, template.categ_id AS product_categ_id, line.move_id,
                   line.invoice_name, line.company_id, company.currency_id AS company_currency_id,
                   part.amount_invoiced, part.amount_collected, COALESCE(rate.percent, 0) AS percent,
                   ROUND(COALESCE(rate.percent, 0)::numeric / 100 * CASE company.construction_commission_basis
                       WHEN 'invoiced' THEN part.amount_invoiced ELSE part.amount_collected END, 2) AS commission
              FROM (%(invoiced)s UNION ALL %(collected)s) part
              JOIN line ON line.id = part.line_id
              JOIN res_company company ON company.id = line.company_id
         LEFT JOIN product_product product ON product.id = line.product_id
         LEFT JOIN product_template template ON template.id = product.product_tmpl_id
         LEFT JOIN LATERAL (
                    SELECT rate.percent
                      FROM construction_commission_rate rate
                     WHERE (rate.user_id IS NULL OR rate.user_id = line.user_id)
                       AND (rate.construction_type_id IS NULL OR rate.construction_type_id = line.construction_type_id)
                       AND (rate.company_id IS NULL OR rate.company_id = line.company_id)
                  ORDER BY (rate.user_id IS NULL), (rate.construction_type_id IS NULL), (rate.company_id IS NULL)
                     LIMIT 1
                   ) rate ON TRUE
            """,
            lines=self._select_lines(),
            invoiced=self._select_invoiced(),
            collected=self._select_collected(),
        )

    def _select_lines(self):
        """Lines of posted construction invoices with the sum of those before them."""
        return SQL(
            """
            SELECT item.id, item.move_id, move.name AS invoice_name, item.company_id, item.product_id,
                   COALESCE(move.invoice_date, item.date) AS date, -item.balance AS amount,
                   SUM(-item.balance) OVER (PARTITION BY item.move_id ORDER BY item.id) AS amount_until,
                   move.commercial_partner_id AS partner_id, move.contract_id, item.lead_id,
                   COALESCE(contract.user_id, deal.user_id, move.invoice_user_id) AS user_id,
                   COALESCE(contract.construction_type_id, deal.construction_type_id) AS construction_type_id
              FROM account_move_line item
              JOIN account_move move ON move.id = item.move_id
         LEFT JOIN construction_contract contract ON contract.id = move.contract_id
         LEFT JOIN crm_lead deal ON deal.id = COALESCE(item.lead_id, contract.lead_id)
             WHERE item.display_type = 'product'
               AND item.parent_state = 'posted'
               AND move.move_type IN ('out_invoice', 'out_refund')
               AND (item.lead_id IS NOT NULL OR move.contract_id IS NOT NULL)
            """
        )

    def _select_invoiced(self):
        return SQL(
            """
            SELECT line.id::bigint * 2 AS id, line.id AS line_id, 'invoiced' AS kind, line.date,
                   line.amount AS amount_invoiced, 0::numeric AS amount_collected
              FROM line
            """
        )

    def _select_collected(self):
        """Each match of an invoice, spread over its lines."""
        return SQL(
            """
            SELECT (line.id::bigint * 4194304 + match.partial_id %% 4194304) * 2 + 1 AS id, line.id AS line_id,
                   'collected' AS kind, match.date, 0::numeric AS amount_invoiced,
                   ROUND(line.amount_until * match.share, 2)
                     - ROUND((line.amount_until - line.amount) * match.share, 2)
                     - ROUND(line.amount_until * match.share_before, 2)
                     + ROUND((line.amount_until - line.amount) * match.share_before, 2) AS amount_collected
              FROM line
              JOIN (
                    SELECT matched.move_id, matched.partial_id, matched.date,
                           matched.running / matched.total AS share,
                           (matched.running - matched.amount) / matched.total AS share_before
                      FROM (
                            SELECT item.move_id, partial.id AS partial_id, partial.max_date AS date, partial.amount,
                                   SUM(partial.amount) OVER (
                                       PARTITION BY item.move_id ORDER BY partial.max_date, partial.id
                                   ) AS running,
                                   total.amount AS total
                              FROM account_move_line item
                              JOIN (
                                    SELECT term.move_id, ABS(SUM(term.balance)) AS amount
                                      FROM account_move_line term
                                     WHERE term.display_type = 'payment_term'
                                       AND term.parent_state = 'posted'
                                       AND term.move_id IN (SELECT line.move_id FROM line)
                                  GROUP BY term.move_id
                                   ) total ON total.move_id = item.move_id
                              JOIN account_partial_reconcile partial
                                ON partial.debit_move_id = item.id OR partial.credit_move_id = item.id
                             WHERE item.display_type = 'payment_term'
                               AND total.amount > 0
                           ) matched
                   ) match ON match.move_id = line.move_id
            """
        )

    # === ACTION === #

    def action_open(self):
        """The invoice of a row, else its contract or deal for those who may not read invoices."""
        self.ensure_one()
        move = self.move_id
        record = move if move.has_access("read") else self.contract_id or self.lead_id
        return record._get_records_action(name=self.invoice_name)
