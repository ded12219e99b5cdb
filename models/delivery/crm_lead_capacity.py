from odoo import fields, models


class CrmLead(models.Model):
    """When the works of a deal are to start."""

    _inherit = "crm.lead"

    date_start_wanted = fields.Date(
        string="Wanted Start",
        tracking=True,
        help="The day on which the client wants the works to start, or on which you promised it.",
    )
