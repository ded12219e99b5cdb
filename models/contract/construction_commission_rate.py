from odoo import api, fields, models, tools
from odoo.fields import Domain

from ..pipeline.formats import format_percent


class ConstructionCommissionRate(models.Model):
    """What share of a sale a salesperson gets. The most particular rate holds: salesperson before type of works."""

    _name = "construction.commission.rate"
    _inherit = ["construction.cached.mixin"]
    _description = "Commission Rate"
    _order = "user_id, construction_type_id, id"
    _check_company_auto = True

    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        domain="[('share', '=', False)]",
        index="btree_not_null",
        # without its salesperson it would be everybody's
        ondelete="cascade",
        help="Empty: every salesperson without a rate of their own.",
    )
    construction_type_id = fields.Many2one(
        "construction.type",
        check_company=True,
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: every type of works.",
    )
    percent = fields.Float(string="Commission (%)", digits=(5, 2), required=True)
    company_id = fields.Many2one(
        "res.company",
        # as above
        ondelete="cascade",
        help="Leave empty to use this rate in every company.",
    )

    _percent_range = models.Constraint(
        "CHECK(percent >= 0 AND percent <= 100)",
        "A commission must lie between 0 and 100 %.",
    )
    _rate_uniq = models.UniqueIndex(
        "(COALESCE(user_id, 0), COALESCE(construction_type_id, 0), COALESCE(company_id, 0))",
        "There is already a rate for this salesperson and type of works.",
    )

    def _compute_display_name(self):
        for rate in self:
            names = [rate.user_id.name, rate.construction_type_id.name, format_percent(self.env, rate.percent)]
            rate.display_name = " · ".join(name for name in names if name)

    # === BUSINESS === #

    @api.model
    @tools.ormcache("user_id", "type_id", "company_id")
    def _get_percent(self, user_id, type_id, company_id):
        """Give the rate that holds for a sale; the report of commissions picks it by the same order.

        :return: percentage, 0 without a rate
        """
        given = {"user_id": user_id, "construction_type_id": type_id, "company_id": company_id}
        domain = Domain.AND(Domain(name, "in", [value, False]) for name, value in given.items())
        # sudo: what a salesperson gets is asked for with the costs of a deal, whoever keeps the rates
        rates_sudo = self.sudo().search(domain)
        most_particular = rates_sudo.sorted(lambda rate: [not rate[name] for name in given])
        return most_particular[:1].percent
