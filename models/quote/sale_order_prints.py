from odoo import models
from odoo.exceptions import AccessError

from ..estimate.construction_recipe_cost import COST_GROUP
from ..estimate.price_book import PRICE_GROUPS


class ReportOrderResources(models.AbstractModel):
    """The resource list of a quote."""

    _name = "report.construction_crm.report_order_resources"
    _inherit = "construction.print.mixin"
    _description = "Resource List of a Quote"
    _print_model = "sale.order"

    def _gather(self, doc):
        return doc._get_resources()


class ReportOrderAnalysis(models.AbstractModel):
    """The unit-price analysis of a quote for its client: selling prices, no cost.

    An employee decides whether the client gets it; what the client sees of the quote itself may be less.
    """

    _name = "report.construction_crm.report_order_analysis"
    _inherit = "construction.print.mixin"
    _description = "Unit-Price Analysis of a Quote"
    _print_model = "sale.order"
    _print_groups = PRICE_GROUPS

    def _get_lang(self, doc):
        return doc.partner_id.lang or super()._get_lang(doc)

    def _gather(self, doc):
        return doc._get_analysis(has_costs=False)


class ReportOrderCostAnalysis(models.AbstractModel):
    """The unit-price analysis of a quote with what it costs us."""

    _name = "report.construction_crm.report_order_cost_analysis"
    _inherit = "construction.print.mixin"
    _description = "Cost Analysis of a Quote"
    _print_model = "sale.order"
    _print_groups = COST_GROUP

    def _gather(self, doc):
        return doc._get_analysis(has_costs=True)


class ReportQuotePresentations(models.AbstractModel):
    """The preview of a quote in all presentations, for those who see its prices."""

    _name = "report.construction_crm.report_quote_presentations"
    _description = "Preview of a Quote"

    def _get_report_values(self, docids, data=None):
        """Give the quotes to preview.

        :raise AccessError: when the user is none of those who see the prices of quotes
        """
        docs = self.env["sale.order"].browse(docids)
        if not self.env.user.has_groups(PRICE_GROUPS):
            raise AccessError(self.env._("You are not allowed to print this document. Ask an estimator for it."))
        docs.check_access("read")
        return {"doc_ids": docids, "doc_model": docs._name, "docs": docs}
