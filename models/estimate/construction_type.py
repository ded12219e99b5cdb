from odoo import fields, models


class ConstructionType(models.Model):
    _inherit = "construction.type"

    sheet_template_id = fields.Many2one(
        "construction.sheet.template",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="What a new evaluation sheet of such a job starts with: items to measure and questions to ask.",
    )
