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
        # read along with the others: else all fields of each deal are
        "create_date",
        "activity_ids.date_deadline",
        "date_last_stage_update",
        "is_rotting",
        "is_activated",
    )
    @api.depends_context("lang", "tz")
    def _compute_vitality(self):
        rated = self.filtered(lambda lead: lead.construction_type_id and lead.active and lead.won_status == "pending")
        (self - rated).update({"vitality": False, "vitality_note": False})
        if not rated:
            return
        today = fields.Date.context_today(self)
        days = rated._get_activity_days()
        # translated once for all of a list
        texts = self._get_vitality_texts()
        found = {}
        for lead in rated:
            reasons = lead._get_vitality_reasons(today, days.get(lead.id, ()))
            levels = {level for level, _key, _days in reasons}
            level = "cold" if "cold" in levels else "cooling" if "cooling" in levels else "alive"
            note = "\n".join(texts[key] % {"days": count} for _level, key, count in reasons)
            found.setdefault((level, note), []).append(lead.id)
        for (level, note), ids in found.items():
            self.browse(ids).update({"vitality": level, "vitality_note": note})

    # === HOOKS === #

    def _get_vitality_reasons(self, today, deadlines):
        """What speaks for and against this deal being alive.

        :param today: the user's day
        :param deadlines: the days of what is planned on it
        :return: list of (level as in `vitality`, key of `_get_vitality_texts`, days), in the order they are shown
        """
        self.ensure_one()
        return [self._rate_last_contact(today), self._rate_next_activity(today, deadlines), self._rate_stage()]

    @api.model
    def _get_vitality_texts(self):
        """What is said of each reason, by its key; `%(days)s` is filled in."""
        days = "%(days)s"
        return {
            "no_contact": self.env._("No contact with the client was written down yet."),
            "contact_today": self.env._("Last contact: today."),
            "contact_yesterday": self.env._("Last contact: yesterday."),
            "contact": self.env._("Last contact: %(days)s days ago.", days=days),
            "no_activity": self.env._("Nothing is planned next."),
            "activity_yesterday": self.env._("The next activity is a day late."),
            "activity_late": self.env._("The next activity is %(days)s days late.", days=days),
            "activity_today": self.env._("Next activity: today."),
            "activity_tomorrow": self.env._("Next activity: tomorrow."),
            "activity": self.env._("Next activity: in %(days)s days.", days=days),
            "stage_rotting": self.env._("In this stage for %(days)s days: longer than the stage allows.", days=days),
            "stage_today": self.env._("In this stage since today."),
            "stage_yesterday": self.env._("In this stage since yesterday."),
            "stage": self.env._("In this stage for %(days)s days.", days=days),
        }

    def _rate_last_contact(self, today):
        contact = self.last_contact_date
        since = contact or self.create_date
        days = (today - fields.Datetime.context_timestamp(self, since).date()).days if since else 0
        level = "cold" if days >= COLD_DAYS else "cooling" if days >= COOLING_DAYS else "alive"
        if not contact:
            return level, "no_contact", days
        key = "contact_today" if days <= 0 else "contact_yesterday" if days == 1 else "contact"
        return level, key, days

    @api.model
    def _rate_next_activity(self, today, deadlines):
        if not deadlines:
            # A deal nobody took on yet has its own mark; it cools down by the days nobody speaks to the client.
            return "cooling" if self.is_activated else "alive", "no_activity", 0
        days = (min(deadlines) - today).days
        if days < 0:
            return "cold", "activity_yesterday" if days == -1 else "activity_late", -days
        return "alive", {0: "activity_today", 1: "activity_tomorrow"}.get(days, "activity"), days

    def _rate_stage(self):
        now = fields.Datetime.now()
        days = (now - (self.date_last_stage_update or self.create_date or now)).days
        if self.is_rotting:
            return "cold", "stage_rotting", days
        return "alive", {0: "stage_today", 1: "stage_yesterday"}.get(days, "stage"), days
