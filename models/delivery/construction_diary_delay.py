from odoo import api, fields, models

HOURS_A_DAY = 8.0


class ConstructionDiaryDelay(models.Model):
    """What held the works up on a day, for how long, and whether the client owes us the time."""

    _name = "construction.diary.delay"
    _inherit = "construction.diary.row"
    _description = "Delay of Works"
    _order = "date desc, id desc"

    # Stored: the list of claims groups by them.
    project_id = fields.Many2one(related="diary_id.project_id", store=True, precompute=True, index=True)
    company_id = fields.Many2one(related="diary_id.company_id", store=True, precompute=True, index=True)
    date = fields.Date(related="diary_id.date", store=True, precompute=True, index=True)
    state = fields.Selection(related="diary_id.state", store=True, precompute=True)
    reason = fields.Selection(
        [
            ("weather", "Weather"),
            ("client", "Client"),
            ("design", "Design"),
            ("material", "Material"),
            ("subcontractor", "Subcontractor"),
            ("authority", "Authority"),
            ("other", "Other"),
        ],
        required=True,
        default="weather",
    )
    days = fields.Float(digits=(8, 2))
    hours = fields.Float()
    days_total = fields.Float(
        string="Days Lost",
        digits=(8, 2),
        compute="_compute_days_total",
        store=True,
        help="Days and hours together, by the working day of the company.",
    )
    days_claimable = fields.Float(
        string="Days to Claim",
        digits=(8, 2),
        compute="_compute_days_total",
        store=True,
    )
    is_claimable = fields.Boolean(
        string="Claimable",
        help="The contract gives us this time back: it is for the claim.",
    )
    note = fields.Char(string="What Happened")

    _time_positive = models.Constraint(
        "CHECK(days >= 0 AND hours >= 0 AND days + hours > 0)",
        "Say how long the works were held up: some days or hours.",
    )

    # === COMPUTE === #

    @api.depends("days", "hours", "is_claimable", "company_id")
    def _compute_days_total(self):
        for delay in self:
            # reason of sudo: a foreman need not read calendars
            calendar = (delay.company_id or self.env.company).sudo().resource_calendar_id
            total = delay.days + delay.hours / (calendar.hours_per_day or HOURS_A_DAY)
            delay.days_total = round(total, 2)
            delay.days_claimable = delay.days_total if delay.is_claimable else 0.0

    @api.depends("reason", "date")
    def _compute_display_name(self):
        labels = dict(self._fields["reason"]._description_selection(self.env))
        for delay in self:
            delay.display_name = labels.get(delay.reason, "")
