from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    construction_on_account_use = fields.Selection(
        [("auto", "Pay the next invoice"), ("ask", "Wait until told")],
        string="Money on Account",
        default="auto",
        help="What happens to advances on account of a contract when its next invoice is posted; "
        "each contract can choose otherwise.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    construction_on_account_use = fields.Selection(related="company_id.construction_on_account_use", readonly=False)
