from odoo import api, models


class ConstructionCrew(models.Model):
    """Which crew carries out which chapter."""

    _inherit = "construction.crew"

    @api.model
    def _propose_for_chapters(self, chapters, stages=None):
        """Return the crew proposed for each chapter: by the trade of its labour, else the usual one of its stage.

        :param chapters: list of ``(section line, component lines)``, with the rights to read them
        :param dict stages: section line id → stage of works, where it is not that of the chapter's item
        :return: dict section line id → crew, without the chapters nobody is known for
        """
        if not chapters:
            return {}
        sections = self.env["sale.order.line"].browse(section.id for section, _components in chapters)
        # sudo: crews are no secret; the caller plans works in the company of the orders.
        crews = self.sudo().search([("company_id", "in", sections.company_id.ids)])
        if not crews:
            return {}
        found = {}
        for section, components in chapters:
            own = crews.filtered(lambda crew, company=section.company_id: crew.company_id == company)
            trade = components._get_main_trade()
            stage = (stages or {}).get(section.id) or section.chapter_product_id.construction_stage_id
            crew = own.filtered(lambda crew, trade=trade: trade in crew.trade_ids)[:1] if trade else own.browse()
            crew = crew or stage.crew_id & own
            if crew:
                found[section.id] = crew.sudo(self.env.su)
        return found
