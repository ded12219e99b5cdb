from odoo import api, models

from .hours import get_hour


class ConstructionCrew(models.Model):
    """Which crew carries out which chapter."""

    _inherit = "construction.crew"

    @api.model
    def _propose_for_works(self, works):
        """Return the crew proposed for each part of works: by the trade of its labour, else the usual one of its stage.

        :param works: dict of any key → ``(component lines, stage of works)``, with the rights to read them
        :return: dict of the same keys → crew, without those nobody is known for
        """
        components = self.env["sale.order.line"].union(*(lines for lines, _stage in works.values()))
        if not components:
            return {}
        # sudo: crews are no secret; the caller plans works in the company of the orders.
        crews = self.sudo().search([("company_id", "in", components.company_id.ids)])
        if not crews:
            return {}
        hour = get_hour(self.env)
        taken_apart = components._take_works_apart()
        found = {}
        for key, (lines, stage) in works.items():
            own = crews.filtered(lambda crew, company=lines.company_id[:1]: crew.company_id == company)
            trade = lines._get_main_trade(hour, taken_apart)
            able = own.filtered(lambda crew, trade=trade: trade in crew.trade_ids) if trade else own.browse()
            crew = able[:1] or stage.crew_id & own
            if crew:
                found[key] = crew.sudo(self.env.su)
        return found
