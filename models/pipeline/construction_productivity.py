from odoo import fields, models
from odoo.tools import SQL

# What an id is made of: the record a row is read from, and which kind of row it is.
KINDS = 8


class ConstructionProductivity(models.Model):
    """What salespeople do and what comes of it: one row for each contact, closed step, quote, signature and deal won.

    Each room adds its kinds of rows in `_get_parts`.
    """

    _name = "construction.productivity"
    _inherit = "construction.deal.report"
    _description = "Productivity of Salespeople"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "lead_id"
    _depends = {
        "construction.contact.record": ["date", "lead_id", "user_id"],
        "construction.step": ["date_deadline", "date_done", "date_planned", "lead_id", "state", "user_id"],
        "crm.lead": [
            "company_id",
            "construction_type_id",
            "date_closed",
            "expected_revenue",
            "partner_id",
            "team_id",
            "type",
            "user_id",
            "won_status",
        ],
    }

    kind = fields.Selection(
        [("contact", "Contact"), ("step", "Step"), ("won", "Won")],
        string="What",
        readonly=True,
    )
    date = fields.Datetime(readonly=True)
    deal_user_id = fields.Many2one("res.users", string="Salesperson of the Deal", readonly=True)
    contact_count = fields.Integer(string="Contacts", readonly=True)
    step_count = fields.Integer(string="Steps", readonly=True, help="Steps closed, and open ones that are overdue.")
    percent_on_time = fields.Float(
        string="Steps on Time (%)",
        digits=(5, 1),
        aggregator="avg",
        readonly=True,
        help="How many steps were closed by the day first planned. Open steps count once they are overdue.",
    )
    won_count = fields.Integer(string="Won", readonly=True)
    amount_won = fields.Monetary(currency_field="company_currency_id", readonly=True)
    # Columns of later rooms stand here, so that every part has the same ones.
    days_to_quote = fields.Float(
        string="Days from Visit to Quote",
        digits=(16, 1),
        aggregator="avg",
        readonly=True,
        help="From the first visit of a deal to its first quote sent.",
    )
    days_to_signature = fields.Float(
        string="Days from Quote to Signature",
        digits=(16, 1),
        aggregator="avg",
        readonly=True,
        help="From the first quote sent to the signed contract, or to the confirmed order where there is none.",
    )

    # === QUERY === #

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT part.id, part.kind, part.date, COALESCE(part.user_id, lead.user_id) AS user_id,
                   lead.id AS lead_id, lead.user_id AS deal_user_id, lead.partner_id, lead.team_id,
                   lead.construction_type_id, COALESCE(lead.company_id, %(company)s) AS company_id,
                   company.currency_id AS company_currency_id,
                   part.contact_count, part.step_count, part.percent_on_time::float8 AS percent_on_time,
                   part.won_count, CASE WHEN part.won_count > 0 THEN lead.expected_revenue END AS amount_won,
                   part.days_to_quote::float8 AS days_to_quote,
                   part.days_to_signature::float8 AS days_to_signature
              FROM (%(parts)s) AS part(id, kind, date, user_id, lead_id, contact_count, step_count, percent_on_time,
                                       won_count, days_to_quote, days_to_signature)
              JOIN crm_lead lead ON lead.id = part.lead_id
              JOIN res_company company ON company.id = COALESCE(lead.company_id, %(company)s)
             WHERE lead.construction_type_id IS NOT NULL
               AND lead.type = 'opportunity'
            """,
            company=self.env.company.id,
            parts=SQL(" UNION ALL ").join(self._get_parts()),
        )

    def _get_parts(self):
        """The kinds of rows, each a SELECT of the columns which `_table_query` names."""
        return [self._select_contacts(), self._select_steps(), self._select_won()]

    def _select_contacts(self):
        return SQL(
            """
            SELECT id * %s::bigint, 'contact', date, user_id, lead_id,
                   1, NULL::int, NULL::numeric, NULL::int, NULL::numeric, NULL::numeric
              FROM construction_contact_record
             WHERE lead_id IS NOT NULL
            """,
            KINDS,
        )

    def _select_steps(self):
        """Steps count on the day they were closed, open ones on the day they should have been."""
        return SQL(
            """
            SELECT id * %(kinds)s::bigint + 1, 'step', COALESCE(date_done, date_deadline), user_id, lead_id,
                   NULL::int, 1,
                   CASE WHEN date_done IS NOT NULL
                         AND (date_done AT TIME ZONE 'UTC' AT TIME ZONE %(timezone)s)::date
                             <= COALESCE(date_planned, date_deadline)
                        THEN 100 ELSE 0 END,
                   NULL::int, NULL::numeric, NULL::numeric
              FROM construction_step
             WHERE state IN ('done', 'refused')
                OR (state = 'open' AND date_deadline < %(today)s)
            """,
            kinds=KINDS,
            timezone=self.env.tz.zone,
            today=fields.Date.context_today(self),
        )

    def _select_won(self):
        return SQL(
            """
            SELECT id * %s::bigint + 2, 'won', date_closed, user_id, id,
                   NULL::int, NULL::int, NULL::numeric, 1, NULL::numeric, NULL::numeric
              FROM crm_lead
             WHERE won_status = 'won' AND construction_type_id IS NOT NULL
            """,
            KINDS,
        )
