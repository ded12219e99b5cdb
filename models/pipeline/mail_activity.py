from odoo import fields, models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    construction_step_id = fields.Many2one(
        "construction.step",
        string="Step",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The step of a deal this activity stands for: done here is done there.",
    )
