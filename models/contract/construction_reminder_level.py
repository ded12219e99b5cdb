from odoo import api, fields, models
from odoo.exceptions import UserError


class ConstructionReminderLevel(models.Model):
    """How a client is asked for overdue money after so many days: by whom, in which words."""

    _name = "construction.reminder.level"
    _description = "Reminder Level"
    _order = "days_late, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Leave empty to use this level in every company.")
    days_late = fields.Integer(
        required=True,
        default=7,
        help="An instalment reaches this level when it is so many days late.",
    )
    channel = fields.Selection(
        [("mail", "Mail"), ("letter", "Letter"), ("call", "Call")],
        default="mail",
        required=True,
        help="How the client is reminded, unless the person who does it chooses otherwise.",
    )
    subject = fields.Char(translate=True, help="Subject of the mail and title of the letter.")
    opening = fields.Html(
        translate=True,
        help="What is said before the list of overdue instalments. The list is added by itself.",
    )
    closing = fields.Html(
        translate=True,
        help="What is said after the list of overdue instalments.",
    )
    attach_statement = fields.Boolean(
        help="Attach the statement of account of the client to the mail.",
    )

    _days_late_positive = models.Constraint(
        "CHECK(days_late > 0)",
        "A reminder level starts at one day late or more.",
    )

    # === CRUD === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # reason of sudo: a level used in another company's log stays too
        used = self.env["construction.reminder.line"].sudo().search([("level_id", "in", self.ids)], limit=1)
        if used:
            raise UserError(
                self.env._(
                    "Clients were reminded at level “%(level)s”. Archive it instead of deleting it.",
                    level=used.level_id.name,
                )
            )

    # === BUSINESS === #

    @api.model
    def _get_company_levels(self, company):
        """The levels of a company, lowest first."""
        return self.search([("company_id", "in", (False, company.id))])

    def _get_reached(self, days):
        """The highest of these levels an instalment so many days late has reached; empty when none."""
        return self.filtered(lambda level: level.days_late <= days)[-1:]

    def _get_next(self, last, days):
        """The one of these levels that follows the last one said, if an instalment so many days late has reached it.

        One step at a time: nobody gets a second reminder who got no first.
        """
        following = self.filtered(lambda level: level.days_late > last.days_late)[:1]
        return following.filtered(lambda level: level.days_late <= days)
