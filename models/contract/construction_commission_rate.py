from odoo import fields, models

from ..pipeline.formats import format_percent


class ConstructionCommissionRate(models.Model):
    """What share of a sale a salesperson gets. The most particular rate holds: salesperson before type of works."""

    _name = "construction.commission.rate"
    _description = "Commission Rate"
    _order = "user_id, construction_type_id, id"
    _check_company_auto = True

    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        domain="[('share', '=', False)]",
        index="btree_not_null",
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
    company_id = fields.Many2one("res.company", help="Leave empty to use this rate in every company.")

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
