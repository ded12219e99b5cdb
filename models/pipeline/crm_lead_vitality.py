from odoo import api, fields, models

# Days without a contact after which a deal cools down, and after which it is cold.
COOLING_DAYS = 14
COLD_DAYS = 30


class CrmLead(models.Model):
    """How alive a deal is: one colour, and in words why."""

    _inherit = "crm.lead"

    vitality = fields.Selection(
        [("alive", "Alive"), ("cooling", "Cooling Down"), ("cold", "Cold")],
        string="How Alive",
        compute="_compute_vitality",
        help="By the last contact with the client, the next activity and the days in this stage.",
    )
    vitality_note = fields.Text(
        string="Why",
        compute="_compute_vitality",
        export_string_translation=False,
    )

    @api.depends(
        "construction_type_id",
        "won_status",
        "active",
        "last_contact_date",
        "activity_ids.date_deadline",
        "date_last_stage_update",
        "is_rotting",
    )
    @api.depends_context("lang", "tz")
    def _compute_vitality(self):
        for lead in self:
            is_open = lead.construction_type_id and lead.active and lead.won_status == "pending"
            reasons = lead._get_vitality_reasons() if is_open else []
            lead.vitality = lead._rate_vitality(reasons) if is_open else False
            lead.vitality_note = "\n".join(text for _level, text in reasons) or False

    def _rate_vitality(self, reasons):
        """The worst of what was found."""
        levels = {level for level, _text in reasons}
        return "cold" if "cold" in levels else "cooling" if "cooling" in levels else "alive"

    # === HOOKS === #

    def _get_vitality_reasons(self):
        """What speaks for and against this deal being alive.

        :return: list of (level as in `vitality`, sentence), in the order they are shown
        """
        self.ensure_one()
        today = fields.Date.context_today(self)
        return [
            self._rate_last_contact(today),
            self._rate_next_activity(today),
            self._rate_stage(),
        ]

    def _rate_last_contact(self, today):
        since = self.last_contact_date or self.create_date
        days = (today - fields.Datetime.context_timestamp(self, since).date()).days if since else 0
        level = "cold" if days >= COLD_DAYS else "cooling" if days >= COOLING_DAYS else "alive"
        if not self.last_contact_date:
            return level, self.env._("No contact with the client was written down yet.")
        if days <= 0:
            return level, self.env._("Last contact: today.")
        return level, self.env._("Last contact: %(days)s days ago.", days=days)

    def _rate_next_activity(self, today):
        deadlines = [day for day in self.activity_ids.mapped("date_deadline") if day]
        if not deadlines:
            return "cooling", self.env._("Nothing is planned next.")
        days = (min(deadlines) - today).days
        if days < 0:
            return "cold", self.env._("The next activity is %(days)s days late.", days=-days)
        if days == 0:
            return "alive", self.env._("Next activity: today.")
        return "alive", self.env._("Next activity: in %(days)s days.", days=days)

    def _rate_stage(self):
        now = fields.Datetime.now()
        days = (now - (self.date_last_stage_update or self.create_date or now)).days
        if self.is_rotting:
            return "cold", self.env._("In this stage for %(days)s days: longer than the stage allows.", days=days)
        return "alive", self.env._("In this stage for %(days)s days.", days=days)
