from odoo import fields, models
from odoo.tools import SQL

from ..pipeline.construction_productivity import KINDS


class ConstructionProductivity(models.Model):
    """From the visit to the first quote sent."""

    _inherit = "construction.productivity"
    _depends = {
        "construction.evaluation": ["date_visit", "lead_id", "state"],
        "sale.order": ["date_sent", "opportunity_id"],
    }

    kind = fields.Selection(selection_add=[("quote", "Quote Sent"), ("won",)])

    def _get_parts(self):
        return [*super()._get_parts(), self._select_quotes()]

    def _select_quotes(self):
        return SQL(
            """
            SELECT sale.opportunity_id * %s::bigint + 3, 'quote', sale.date_sent, NULL::int, sale.opportunity_id,
                   NULL::int, NULL::int, NULL::numeric, NULL::int,
                   GREATEST(0, EXTRACT(EPOCH FROM sale.date_sent - visit.date_visit) / 86400), NULL::numeric
              FROM (SELECT opportunity_id, MIN(date_sent) AS date_sent
                      FROM sale_order
                     WHERE opportunity_id IS NOT NULL AND date_sent IS NOT NULL
                  GROUP BY opportunity_id) sale
         LEFT JOIN (SELECT lead_id, MIN(date_visit) AS date_visit
                      FROM construction_evaluation
                     WHERE state != 'cancelled'
                  GROUP BY lead_id) visit ON visit.lead_id = sale.opportunity_id
            """,
            KINDS,
        )
