from odoo import fields, models
from odoo.tools import SQL

from ..pipeline.construction_productivity import KINDS


class ConstructionProductivity(models.Model):
    """From the first quote sent to the signature."""

    _inherit = "construction.productivity"
    _depends = {
        "construction.contract": ["date_signed", "lead_id", "state"],
        "sale.order": ["date_order", "date_sent", "opportunity_id", "state"],
    }

    kind = fields.Selection(selection_add=[("signature", "Signature"), ("won",)])

    def _get_parts(self):
        return [*super()._get_parts(), self._select_signatures()]

    def _select_signatures(self):
        """The first signed contract of a deal, or its first confirmed order."""
        return SQL(
            """
            SELECT deal.lead_id * %s::bigint + 4, 'signature', deal.date_signed, NULL::int, deal.lead_id,
                   NULL::int, NULL::int, NULL::numeric, NULL::int, NULL::numeric,
                   GREATEST(0, EXTRACT(EPOCH FROM deal.date_signed - deal.date_sent) / 86400)
              FROM (SELECT sale.opportunity_id AS lead_id, MIN(sale.date_sent) AS date_sent,
                           COALESCE(MIN(contract.date_signed)::timestamp,
                                    MIN(sale.date_order) FILTER (WHERE sale.state = 'sale')) AS date_signed
                      FROM sale_order sale
                 LEFT JOIN construction_contract contract
                        ON contract.lead_id = sale.opportunity_id
                       AND contract.date_signed IS NOT NULL
                       AND contract.state NOT IN ('draft', 'cancelled')
                     WHERE sale.opportunity_id IS NOT NULL
                  GROUP BY sale.opportunity_id) deal
             WHERE deal.date_signed IS NOT NULL
            """,
            KINDS,
        )
