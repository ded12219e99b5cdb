from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    # Not set = working days: installing then writes nothing into companies that are there.
    construction_calendar_days = fields.Boolean(
        string="Count Calendar Days",
        help="The usual durations of stages of works, and the offsets of project templates, count every day of the "
        "calendar. Otherwise they count the days the company works: its working hours, without holidays.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    construction_calendar_days = fields.Boolean(related="company_id.construction_calendar_days", readonly=False)
