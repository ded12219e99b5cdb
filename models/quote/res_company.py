from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    construction_reminder_days = fields.Integer(
        string="Remind Clients Before Expiry (Days)",
        help="Clients are reminded by mail this many days before a sent construction quote expires. Zero: never.",
    )

    _construction_reminder_days_not_negative = models.Constraint(
        "CHECK(construction_reminder_days >= 0)",
        "Clients are reminded before a quote expires: give a number of days of zero or more.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    construction_reminder_days = fields.Integer(related="company_id.construction_reminder_days", readonly=False)
