from odoo import fields, models


class ConstructionType(models.Model):
    _inherit = "construction.type"

    overdue_limit = fields.Float(
        digits=(16, 2),
        help="Warn when more than this is overdue on such a job, in the currency of the company. "
        "Zero: the limit of the company.",
    )
    overdue_days = fields.Integer(
        string="Overdue Limit (Days)",
        help="Warn when money is overdue for more days on such a job. Zero: the limit of the company.",
    )

    _overdue_not_negative = models.Constraint(
        "CHECK(overdue_limit >= 0 AND overdue_days >= 0)",
        "The limits of overdue money cannot be negative.",
    )
