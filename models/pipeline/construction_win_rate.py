from odoo import fields, models
from odoo.tools import SQL


class ConstructionWinRate(models.Model):
    """Deals that were decided, won or lost: how often, why, and by whom. One row a deal, with its id."""

    _name = "construction.win.rate"
    _inherit = "construction.deal.report"
    _description = "Win Rate"
    _auto = False
    _order = "date_closed desc, id desc"
    _rec_name = "lead_id"
    _depends = {
        "construction.competitor": ["lead_id", "partner_id"],
        "crm.lead": [
            "campaign_id",
            "company_id",
            "construction_type_id",
            "date_closed",
            "expected_revenue",
            "lost_reason_id",
            "medium_id",
            "partner_id",
            "source_id",
            "team_id",
            "type",
            "user_id",
            "won_status",
        ],
    }

    won_status = fields.Selection([("won", "Won"), ("lost", "Lost")], string="Outcome", readonly=True)
    date_open = fields.Datetime(string="Opened", readonly=True)
    date_closed = fields.Datetime(string="Decided", readonly=True)
    lost_reason_id = fields.Many2one("crm.lost.reason", string="Lost Because", readonly=True)
    # The rivals' own table stands for the relation: an id of this report is that of its deal.
    competitor_ids = fields.Many2many(
        "res.partner",
        relation="construction_competitor",
        column1="lead_id",
        column2="partner_id",
        string="Competitors",
        readonly=True,
        help="Who else bid. A deal with several competitors counts with each of them, and once in the total.",
    )
    source_id = fields.Many2one("utm.source", readonly=True)
    medium_id = fields.Many2one("utm.medium", readonly=True)
    campaign_id = fields.Many2one("utm.campaign", readonly=True)
    won_count = fields.Integer(string="Won", readonly=True)
    lost_count = fields.Integer(string="Lost", readonly=True)
    win_rate = fields.Float(
        string="Win Rate (%)",
        digits=(5, 1),
        aggregator="avg",
        readonly=True,
        help="Of the deals that were decided, how many were won.",
    )
    amount_won = fields.Monetary(currency_field="company_currency_id", readonly=True)
    amount_lost = fields.Monetary(currency_field="company_currency_id", readonly=True)
    days_to_close = fields.Float(
        string="Days to Decision", digits=(16, 1), aggregator="avg", readonly=True, help="From opening to decision."
    )

    # === QUERY === #

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT lead.id, lead.id AS lead_id, lead.won_status, lead.create_date AS date_open, lead.date_closed,
                   lead.partner_id, lead.user_id, lead.team_id, lead.lost_reason_id, lead.source_id, lead.medium_id,
                   lead.campaign_id, lead.construction_type_id, COALESCE(lead.company_id, %(company)s) AS company_id,
                   company.currency_id AS company_currency_id,
                   (lead.won_status = 'won')::int AS won_count, (lead.won_status = 'lost')::int AS lost_count,
                   CASE lead.won_status WHEN 'won' THEN 100 ELSE 0 END AS win_rate,
                   CASE lead.won_status WHEN 'won' THEN lead.expected_revenue ELSE 0 END AS amount_won,
                   CASE lead.won_status WHEN 'lost' THEN lead.expected_revenue ELSE 0 END AS amount_lost,
                   (EXTRACT(EPOCH FROM lead.date_closed - lead.create_date) / 86400)::float8 AS days_to_close
              FROM crm_lead lead
              JOIN res_company company ON company.id = COALESCE(lead.company_id, %(company)s)
             WHERE lead.construction_type_id IS NOT NULL
               AND lead.type = 'opportunity'
               AND lead.won_status IN ('won', 'lost')
            """,
            company=self.env.company.id,
        )
