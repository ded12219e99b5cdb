from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# What the id of a row is made of: the deal and the stage.
STAGES = 100_000
SECONDS_A_DAY = 86_400


class ConstructionFunnel(models.Model):
    """The sales funnel: one row for each deal and each stage it has reached.

    A deal stands for all stages up to the one it is in, or was lost in, so that a stage never counts fewer deals
    than the next one, be stages skipped or not. Days come from the changes of stage which stock tracks on the deal.
    """

    _name = "construction.funnel"
    _inherit = "construction.deal.report"
    _description = "Sales Funnel"
    _auto = False
    _order = "date_open desc, id desc"
    _rec_name = "lead_id"
    _depends = {
        "crm.lead": [
            "active",
            "company_id",
            "construction_type_id",
            "date_closed",
            "expected_revenue",
            "partner_id",
            "source_id",
            "stage_id",
            "team_id",
            "type",
            "user_id",
            "won_status",
        ],
        "crm.stage": ["sequence", "is_won", "team_ids"],
        "mail.message": ["model", "res_id"],
        "mail.tracking.value": ["field_id", "mail_message_id", "new_value_integer", "old_value_integer"],
    }

    stage_id = fields.Many2one("crm.stage", string="Stage Reached", readonly=True)
    current_stage_id = fields.Many2one("crm.stage", string="Stage Now", readonly=True)
    is_current = fields.Boolean(string="Is There Now", readonly=True)
    won_status = fields.Selection(
        [("pending", "Open"), ("won", "Won"), ("lost", "Lost")], string="Outcome", readonly=True
    )
    date_open = fields.Datetime(string="Opened", readonly=True)
    source_id = fields.Many2one("utm.source", readonly=True)
    deal_count = fields.Integer(string="Deals by Stage", readonly=True)
    amount = fields.Monetary(
        string="Expected",
        currency_field="company_currency_id",
        readonly=True,
        help="Expected revenue of the deals that reached this stage. A deal counts in each stage it reached, and once "
        "in the total.",
    )
    percent_moved_on = fields.Float(
        string="Moved On (%)",
        digits=(5, 1),
        aggregator="avg",
        readonly=True,
        help="How many of the deals that reached this stage went on to the next one, or were won.",
    )
    days = fields.Float(
        string="Days in Stage",
        digits=(16, 1),
        aggregator="avg",
        readonly=True,
        help="How long deals were in this stage, on average. Deals that skipped it do not count.",
    )

    # === READ === #

    @api.model
    def _read_group(self, domain, groupby=(), aggregates=(), having=(), offset=0, limit=None, order=None):
        rows = super()._read_group(domain, groupby, aggregates, having, offset, limit, order)
        return self._count_amounts_once(rows, domain, groupby, aggregates)

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        sets = super()._read_grouping_sets(domain, grouping_sets, aggregates, order)
        return [
            self._count_amounts_once(rows, domain, groupby, aggregates)
            for groupby, rows in zip(grouping_sets, sets, strict=True)
        ]

    @api.model
    def _count_amounts_once(self, rows, domain, groupby, aggregates):
        """Over several stages, sum up the amount of a deal once: by the row of the stage it is in."""
        sums = [name for name in aggregates if name.startswith("amount:sum")]
        named = {*groupby, *(condition.field_expr for condition in Domain(domain).iter_conditions())}
        if not sums or named & {"stage_id", "is_current"}:
            return rows
        once = self._read_group(Domain(domain) & Domain("is_current", "=", True), groupby, sums)
        width = len(groupby)
        amounts = {row[:width]: dict(zip(sums, row[width:], strict=True)) for row in once}
        return [
            row[:width]
            + tuple(
                amounts.get(row[:width], {}).get(name, 0.0) if name in sums else value
                for name, value in zip(aggregates, row[width:], strict=True)
            )
            for row in rows
        ]

    # === QUERY === #

    @property
    def _table_query(self):
        return SQL(
            """
              -- worked out once, not for each deal
              WITH stage_before AS MATERIALIZED (%(stages_before)s)
            SELECT lead.id::bigint * %(stages)s + stage.id AS id, lead.id AS lead_id, stage.id AS stage_id,
                   lead.stage_id AS current_stage_id, lead.stage_id = stage.id AS is_current, lead.won_status,
                   lead.create_date AS date_open, lead.partner_id, lead.user_id, lead.team_id, lead.source_id,
                   lead.construction_type_id, COALESCE(lead.company_id, %(company)s) AS company_id,
                   company.currency_id AS company_currency_id, 1 AS deal_count, lead.expected_revenue AS amount,
                   CASE WHEN NOT COALESCE(stage.is_won, FALSE)
                        THEN CASE WHEN lead.won_status = 'won' OR lead.stage_id != stage.id THEN 100 ELSE 0 END
                   END AS percent_moved_on,
                   CASE WHEN NOT COALESCE(stage.is_won, FALSE) THEN (%(days)s)::float8 END AS days
              FROM crm_lead lead
              JOIN stage_before stage
                ON stage.current_id = lead.stage_id
               AND (stage.is_for_all
                    OR EXISTS (SELECT FROM crm_stage_crm_team_rel rel
                                WHERE rel.crm_stage_id = stage.id AND rel.crm_team_id = lead.team_id))
              JOIN res_company company ON company.id = COALESCE(lead.company_id, %(company)s)
              -- grouped by what it is joined by: left out by the database where nobody asks for days
         LEFT JOIN (%(spent)s) spent ON spent.lead_id = lead.id AND spent.stage_id = stage.id
             WHERE lead.construction_type_id IS NOT NULL
               AND lead.type = 'opportunity'
               AND (lead.active OR lead.won_status = 'lost')
            """,
            stages=STAGES,
            company=self.env.company.id,
            stages_before=self._select_stages_before(),
            days=self._select_days(),
            spent=self._select_spent(),
        )

    def _select_stages_before(self):
        """Each stage with itself and those before it; some are only for deals of their teams."""
        return SQL(
            """
            SELECT current.id AS current_id, stage.id, stage.is_won,
                   stage.id = current.id
                   OR NOT EXISTS (SELECT FROM crm_stage_crm_team_rel rel WHERE rel.crm_stage_id = stage.id)
                   AS is_for_all
              FROM crm_stage current
              JOIN crm_stage stage ON (stage.sequence, stage.id) <= (current.sequence, current.id)
            """
        )

    def _select_days(self):
        """Days between entering and leaving a stage: what lacks at either end is the deal's first or last day."""
        end = SQL("DATE_PART('epoch', COALESCE(lead.date_closed, NOW() AT TIME ZONE 'UTC'))")
        start = SQL("DATE_PART('epoch', lead.create_date)")
        return SQL(
            """GREATEST(0, CASE
                   WHEN spent.lead_id IS NULL
                   THEN CASE WHEN lead.stage_id = stage.id THEN %(end)s - %(start)s END
                   WHEN spent.open_ends = 1 THEN spent.seconds - %(start)s
                   WHEN spent.open_ends = -1 THEN spent.seconds + %(end)s
                   WHEN lead.stage_id = stage.id THEN spent.seconds + %(end)s - %(start)s
                   ELSE spent.seconds
               END) / %(day)s""",
            end=end,
            start=start,
            day=SECONDS_A_DAY,
        )

    def _select_spent(self):
        """By deal and stage: days of leaving less days of entering, and which of the two is missing."""
        # sudo: the number of a field is no secret
        field = self.env["ir.model.fields"].sudo()._get("crm.lead", "stage_id")
        return SQL(
            """
            SELECT message.res_id AS lead_id, side.stage_id, SUM(side.sign) AS open_ends,
                   SUM(side.sign * DATE_PART('epoch', change.create_date)) AS seconds
              FROM mail_tracking_value change
              JOIN mail_message message ON message.id = change.mail_message_id AND message.model = 'crm.lead'
        CROSS JOIN LATERAL (VALUES (change.old_value_integer, 1), (change.new_value_integer, -1))
                           AS side(stage_id, sign)
             WHERE change.field_id = %s
          GROUP BY message.res_id, side.stage_id
            """,
            field.id,
        )
