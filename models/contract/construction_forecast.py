from odoo import api, fields, models
from odoo.tools import SQL

from .construction_contract import LIVE_STATES

# Key of the context: by how many weeks everything comes later than expected.
SLIP_WEEKS = "construction_slip_weeks"
# What an id is made of: the record a row is read from, and which kind of row it is.
KINDS = 8
# Rows a deal's plan template may have.
TEMPLATE_ROWS = 1000


class ConstructionForecast(models.Model):
    """What money comes in when: each euro once, from open deals to open invoices.

    An invoice takes the place of its part of the plan, a signed plan that of its deal. Amounts are in the currency
    of the company; those of open deals are as expected on the deal.
    """

    _name = "construction.forecast"
    _description = "Cash-in Forecast"
    _auto = False
    _order = "date, id"
    _rec_name = "name"
    _depends = {
        "account.move.line": ["move_id", "amount_residual", "reconciled", "parent_state", "date_maturity"],
        "account.move": ["contract_id", "instalment_id", "lead_id"],
        "construction.collection": ["amount_open", "contract_id"],
        "construction.contract": ["state", "amount_total", "amount_to_invoice", "user_id", "lead_id", "date_end"],
        "construction.instalment": [
            "amount",
            "amount_booked",
            "amount_invoiced",
            "date_due",
            "date_expected",
            "date_promised",
            "state",
            "kind",
        ],
        "construction.plan.template.line": ["amount", "amount_type", "percent", "sequence", "delay_days", "trigger"],
        "construction.type": ["plan_template_id", "warranty_months"],
        "crm.lead": [
            "active",
            "amount_contract",
            "amount_to_invoice",
            "date_deadline",
            "expected_revenue",
            "probability",
            "won_status",
            "user_id",
        ],
    }

    name = fields.Char(string="What", readonly=True)
    source = fields.Selection(
        [
            ("overdue", "Overdue"),
            ("promise", "Promised"),
            ("invoice", "Invoiced"),
            ("retention", "Retention"),
            ("plan", "Payment plan"),
            ("unplanned", "Contract without plan"),
            ("advance", "Received before its invoice"),
            ("order", "Order without contract"),
            ("deal", "Open deal"),
        ],
        readonly=True,
    )
    date = fields.Date(string="Expected On", readonly=True, help="Empty: nobody knows yet.")
    amount = fields.Monetary(string="Expected", currency_field="company_currency_id", readonly=True)
    amount_full = fields.Monetary(
        string="Not Weighted",
        currency_field="company_currency_id",
        readonly=True,
        help="Open deals in full, not by their probability.",
    )
    partner_id = fields.Many2one("res.partner", string="Client", readonly=True)
    contract_id = fields.Many2one("construction.contract", readonly=True)
    instalment_id = fields.Many2one("construction.instalment", readonly=True)
    lead_id = fields.Many2one("crm.lead", string="Deal", readonly=True)
    move_id = fields.Many2one("account.move", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    deal_user_id = fields.Many2one("res.users", string="Salesperson of the Deal", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)

    @property
    def _table_query(self):
        weeks = int(self.env.context.get(SLIP_WEEKS) or 0)
        parts = SQL(" UNION ALL ").join(
            [
                self._select_invoices(),
                self._select_plans(),
                self._select_advances(),
                self._select_unplanned(),
                self._select_orders(),
                self._select_deals(),
            ]
        )
        return SQL(
            """
            WITH rates(company_id, currency_id, company_currency_id, rate) AS (VALUES %(rates)s)
            SELECT part.id, part.name, part.source, part.date + %(days)s AS date, part.amount, part.amount_full,
                   part.partner_id, part.contract_id, part.instalment_id, part.lead_id, part.move_id,
                   COALESCE(part.user_id, deal.user_id) AS user_id, deal.user_id AS deal_user_id,
                   part.company_id, company.currency_id AS company_currency_id
              FROM (%(parts)s) part
              JOIN res_company company ON company.id = part.company_id
         LEFT JOIN crm_lead deal ON deal.id = part.lead_id
            """,
            rates=self._get_rates(),
            days=7 * weeks,
            parts=parts,
        )

    # === WHAT IT IS MADE OF === #

    def _get_today(self):
        return fields.Date.context_today(self)

    @api.model
    def _get_rates(self):
        """Today's rates into the currency of each company, as rows of SQL values."""
        # reason of sudo: rates are no secret, and the record rules of this model keep companies apart
        companies = self.env["res.company"].sudo().search([])  # pylint: disable=no-search-all
        currencies = self.env["res.currency"].sudo().search([("active", "=", True)]) | companies.currency_id
        rows = []
        for company in companies:
            rates = currencies._get_rates(company, self._get_today())
            own = rates[company.currency_id.id]
            rows += [
                SQL("(%s, %s, %s, %s::numeric)", company.id, other.id, company.currency_id.id, own / rates[other.id])
                for other in currencies
            ]
        return SQL(", ").join(rows)

    def _select_invoices(self):
        """Open parts of invoices, when they are to be paid or are promised."""
        return SQL(
            """
            SELECT ageing.id::bigint * %(kinds)s AS id, ageing.invoice_name AS name,
                   CASE WHEN ageing.amount_retained <> 0 THEN 'retention'
                        WHEN ageing.date_promised >= %(today)s AND ageing.date_promised > ageing.date_due THEN 'promise'
                        WHEN ageing.date_due < %(today)s THEN 'overdue'
                        ELSE 'invoice' END AS source,
                   GREATEST(
                       %(today)s,
                       ageing.date_due,
                       CASE WHEN ageing.amount_retained = 0 THEN ageing.date_promised END
                   ) AS date,
                   ageing.amount, ageing.amount AS amount_full, ageing.partner_id, ageing.contract_id,
                   ageing.instalment_id, ageing.lead_id, ageing.move_id, ageing.user_id, ageing.company_id
              FROM (%(ageing)s) ageing
            """,
            kinds=KINDS,
            today=self._get_today(),
            ageing=self.env["construction.ageing"]._table_query,
        )

    def _select_day(self):
        """When the plan brings a row: no day at all while nobody knows, for the greatest of none and today is today."""
        return SQL(
            """
            (SELECT GREATEST(%s, known.day) FROM (SELECT COALESCE(row.date_due, row.date_expected,
                CASE WHEN row.kind = 'retention' THEN contract.date_warranty_end ELSE contract.date_end END
            ) AS day) known WHERE known.day IS NOT NULL)
            """,
            self._get_today(),
        )

    def _select_plans(self):
        """What of each instalment is not invoiced yet."""
        return SQL(
            """
            SELECT row.id::bigint * %(kinds)s + 1 AS id, row.name,
                   CASE WHEN row.kind = 'retention' THEN 'retention' ELSE 'plan' END AS source,
                   %(day)s AS date,
                   ROUND(row.amount_left * COALESCE(rates.rate, 1), 2) AS amount,
                   ROUND(row.amount_left * COALESCE(rates.rate, 1), 2) AS amount_full,
                   contract.partner_id, row.contract_id, row.id AS instalment_id, contract.lead_id,
                   NULL::int4 AS move_id, contract.user_id, contract.company_id
              FROM (
                    SELECT instalment.*,
                           CASE WHEN COALESCE(amount_booked, 0) <> 0 THEN amount_booked ELSE amount END
                             - COALESCE(amount_invoiced, 0) AS amount_left
                      FROM construction_instalment instalment
                     WHERE instalment.state IN ('waiting', 'due', 'invoiced', 'partial', 'collected', 'overdue')
                   ) row
              JOIN construction_contract contract ON contract.id = row.contract_id
         LEFT JOIN rates ON rates.company_id = contract.company_id AND rates.currency_id = contract.currency_id
             WHERE contract.state IN %(live)s
               AND ROUND(row.amount_left, 4) <> 0
            """,
            kinds=KINDS,
            day=self._select_day(),
            live=LIVE_STATES,
        )

    def _select_advances(self):
        """Money that came before its invoice: the plan need not bring it again."""
        return SQL(
            """
            SELECT collection.id::bigint * %(kinds)s + 2 AS id, payment.name, 'advance' AS source,
                   CASE WHEN row.id IS NULL THEN %(today)s ELSE %(day)s END AS date,
                   -collection.amount_open_company AS amount, -collection.amount_open_company AS amount_full,
                   contract.partner_id, collection.contract_id, row.id AS instalment_id, contract.lead_id,
                   NULL::int4 AS move_id, contract.user_id, contract.company_id
              FROM construction_collection collection
              JOIN construction_contract contract ON contract.id = collection.contract_id
              JOIN account_payment payment ON payment.id = collection.payment_id
         LEFT JOIN construction_instalment row ON row.id = collection.instalment_id
             WHERE collection.amount_open_company > 0
               AND contract.state IN %(live)s
            """,
            kinds=KINDS,
            day=self._select_day(),
            today=self._get_today(),
            live=LIVE_STATES,
        )

    def _select_unplanned(self):
        """What of a signed contract no instalment and no invoice beside the plan covers."""
        return SQL(
            """
            SELECT contract.id::bigint * %(kinds)s + 3 AS id, contract.name, 'unplanned' AS source,
                   CASE WHEN contract.date_end IS NOT NULL THEN GREATEST(%(today)s, contract.date_end) END AS date,
                   ROUND(rest.amount * COALESCE(rates.rate, 1), 2) AS amount,
                   ROUND(rest.amount * COALESCE(rates.rate, 1), 2) AS amount_full,
                   contract.partner_id, contract.id AS contract_id, NULL::int4 AS instalment_id, contract.lead_id,
                   NULL::int4 AS move_id, contract.user_id, contract.company_id
              FROM construction_contract contract
              JOIN LATERAL (
                    SELECT contract.amount_to_invoice - COALESCE(SUM(
                               CASE WHEN COALESCE(row.amount_booked, 0) <> 0 THEN row.amount_booked ELSE row.amount END
                               - COALESCE(row.amount_invoiced, 0)
                           ), 0) AS amount
                      FROM construction_instalment row
                     WHERE row.contract_id = contract.id
                   ) rest ON TRUE
         LEFT JOIN rates ON rates.company_id = contract.company_id AND rates.currency_id = contract.currency_id
             WHERE contract.state IN %(live)s
               AND ROUND(rest.amount, 4) <> 0
            """,
            kinds=KINDS,
            today=self._get_today(),
            live=LIVE_STATES,
        )

    def _select_orders(self):
        """What confirmed orders of a deal have to invoice beside its signed contracts."""
        return SQL(
            """
            SELECT deal.id::bigint * %(kinds)s + 4 AS id, deal.name, 'order' AS source,
                   GREATEST(%(today)s, deal.date_deadline) AS date, deal.rest AS amount, deal.rest AS amount_full,
                   deal.partner_id, NULL::int4 AS contract_id, NULL::int4 AS instalment_id, deal.id AS lead_id,
                   NULL::int4 AS move_id, deal.user_id, deal.company_id
              FROM (
                    SELECT lead.id, lead.name, lead.date_deadline, lead.partner_id, lead.user_id,
                           COALESCE(lead.company_id, %(company)s) AS company_id,
                           lead.amount_to_invoice - COALESCE((
                               SELECT SUM(ROUND(contract.amount_to_invoice * COALESCE(rates.rate, 1), 2))
                                 FROM construction_contract contract
                            LEFT JOIN rates ON rates.company_id = contract.company_id
                                           AND rates.currency_id = contract.currency_id
                                WHERE contract.lead_id = lead.id
                                  AND contract.state IN %(live)s
                           ), 0) AS rest
                      FROM crm_lead lead
                     WHERE lead.active
                       AND lead.amount_contract > 0
                   ) deal
             WHERE deal.rest > 0.05
            """,
            kinds=KINDS,
            today=self._get_today(),
            company=self.env.company.id,
            live=LIVE_STATES,
        )

    def _select_deals(self):
        """Open deals by their probability, spread as the plan of their type asks, from the expected closing on.

        Rows that wait for an event of the works are taken one month apart; a retention comes after the warranty.
        Shares are differences of running sums, so that they add up to the cent.
        """
        return SQL(
            """
            SELECT share.id, share.name, 'deal' AS source, GREATEST(%(today)s, share.date) AS date,
                   ROUND(share.weighted * share.after, 2) - ROUND(share.weighted * share.before, 2) AS amount,
                   ROUND(share.revenue * share.after, 2) - ROUND(share.revenue * share.before, 2) AS amount_full,
                   share.partner_id, NULL::int4 AS contract_id, NULL::int4 AS instalment_id, share.lead_id,
                   NULL::int4 AS move_id, share.user_id, share.company_id
              FROM (
                    SELECT (part.lead_id::bigint * %(rows)s + part.position) * %(kinds)s + 5 AS id, part.*,
                           CASE WHEN part.position = part.count THEN 1
                                ELSE SUM(part.weight) OVER running / SUM(part.weight) OVER whole END AS after,
                           (SUM(part.weight) OVER running - part.weight) / SUM(part.weight) OVER whole AS before
                      FROM (%(parts)s) part
                    WINDOW running AS (PARTITION BY part.lead_id ORDER BY part.position),
                           whole AS (PARTITION BY part.lead_id)
                   ) share
             WHERE share.weight > 0
            """,
            kinds=KINDS,
            rows=TEMPLATE_ROWS,
            today=self._get_today(),
            parts=self._select_deal_parts(),
        )

    def _select_deal_parts(self):
        return SQL(
            """
            SELECT deal.lead_id, deal.name, deal.partner_id, deal.user_id, deal.company_id, deal.revenue, deal.weighted,
                   ROW_NUMBER() OVER (PARTITION BY deal.lead_id ORDER BY line.sequence, line.id) AS position,
                   COUNT(*) OVER (PARTITION BY deal.lead_id) AS count,
                   CASE WHEN line.id IS NULL THEN 1
                        WHEN line.amount_type = 'percent' THEN line.percent / 100.0
                        WHEN line.amount_type = 'fixed' THEN line.amount / deal.revenue
                        ELSE GREATEST(0, 1 - SUM(CASE line.amount_type WHEN 'percent' THEN line.percent / 100.0
                                                                       WHEN 'fixed' THEN line.amount / deal.revenue
                                                                       ELSE 0 END) OVER (PARTITION BY deal.lead_id))
                             / COUNT(*) FILTER (WHERE line.amount_type = 'rest') OVER (PARTITION BY deal.lead_id)
                   END::numeric AS weight,
                   (deal.date + make_interval(
                       days => COALESCE(line.delay_days, 0),
                       months => CASE
                           WHEN line.kind = 'retention' THEN COALESCE(deal.warranty_months, 0)
                           WHEN line.trigger IN ('date', 'signature') OR line.id IS NULL THEN 0
                           ELSE (ROW_NUMBER() OVER (PARTITION BY deal.lead_id ORDER BY line.sequence, line.id) - 1)::int
                       END
                   ))::date AS date
              FROM (
                    %(deals)s
                   ) deal
         LEFT JOIN construction_plan_template_line line ON line.template_id = deal.plan_template_id
            """,
            deals=self._select_open_deals(),
        )

    def _select_open_deals(self):
        """What is expected of deals that have no contract yet."""
        return SQL(
            """
            SELECT lead.id AS lead_id, lead.name, lead.partner_id, lead.user_id, type.warranty_months,
                   COALESCE(lead.company_id, %(company)s) AS company_id, type.plan_template_id,
                   lead.expected_revenue::numeric AS revenue,
                   ROUND(lead.expected_revenue::numeric * lead.probability::numeric / 100, 2) AS weighted,
                   GREATEST(%(today)s, lead.date_deadline) AS date
              FROM crm_lead lead
              JOIN construction_type type ON type.id = lead.construction_type_id
             WHERE lead.active
               AND lead.type = 'opportunity'
               AND lead.won_status IN ('pending', 'won')
               AND COALESCE(lead.amount_contract, 0) = 0
               AND lead.expected_revenue > 0
               AND lead.probability > 0
               AND NOT EXISTS (
                   SELECT 1 FROM construction_contract contract
                    WHERE contract.lead_id = lead.id AND contract.state IN %(live)s
               )
            """,
            company=self.env.company.id,
            today=self._get_today(),
            live=LIVE_STATES,
        )

    # === ACTION === #

    def action_open(self):
        """The record a row comes from."""
        self.ensure_one()
        record = self.instalment_id or self.contract_id or self.lead_id or self.move_id
        return record._get_records_action(name=self.name)

    def action_ask_slip(self):
        """Ask by how many weeks everything comes later."""
        return {
            "name": self.env._("What If It Comes Later?"),
            "type": "ir.actions.act_window",
            "res_model": "construction.forecast.slip",
            "views": [(False, "form")],
            "target": "new",
        }
