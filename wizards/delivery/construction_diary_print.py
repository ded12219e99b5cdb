from odoo import api, fields, models
from odoo.exceptions import UserError


class ConstructionDiaryPrint(models.TransientModel):
    """Print the site diary of some days, with what they add up to: the annex of a claim."""

    _name = "construction.diary.print"
    _description = "Print a Site Diary"

    project_id = fields.Many2one(
        "project.project",
        required=True,
        domain="[('construction_type_id', '!=', False), ('is_template', '=', False)]",
    )
    date_from = fields.Date(string="From")
    date_to = fields.Date(string="To", default=fields.Date.context_today)
    content = fields.Selection(
        [("all", "Every day"), ("delays", "Days with delays"), ("claims", "Days with time to claim")],
        required=True,
        default="all",
    )
    has_photos = fields.Boolean(string="With Photos", default=True)

    # === ACTION === #

    def action_print(self):
        self.ensure_one()
        if not self._get_diaries():
            raise UserError(self.env._("The site diary has no such page between these days. Choose other days."))
        return self.env.ref("construction_crm.action_report_construction_diary_range").report_action(self)

    # === BUSINESS === #

    def _get_diaries(self):
        """The pages to print, the oldest first."""
        self.ensure_one()
        domain = [("project_id", "=", self.project_id.id)]
        if self.date_from:
            domain.append(("date", ">=", self.date_from))
        if self.date_to:
            domain.append(("date", "<=", self.date_to))
        if self.content == "delays":
            domain.append(("delay_ids", "!=", False))
        elif self.content == "claims":
            domain.append(("delay_ids.is_claimable", "=", True))
        return self.env["construction.diary"].search(domain, order="date, id")

    @api.model
    def _sum_delays(self, diaries):
        """What was lost by the confirmed pages, by reason.

        :return: list of dicts (reason, days, claimable), the largest first, and last the total
        """
        delays = diaries.filtered(lambda diary: diary.state == "confirmed").delay_ids
        labels = dict(delays._fields["reason"]._description_selection(self.env))
        rows = [
            {
                "reason": labels[reason],
                "days": sum(lines.mapped("days_total")),
                "claimable": sum(lines.mapped("days_claimable")),
            }
            for reason, lines in delays.grouped("reason").items()
        ]
        rows.sort(key=lambda row: -row["days"])
        if rows:
            total = {name: sum(row[name] for row in rows) for name in ("days", "claimable")}
            rows.append({"reason": self.env._("Total"), **total})
        return rows
