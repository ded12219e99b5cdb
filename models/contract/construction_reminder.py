from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class ConstructionReminder(models.Model):
    """One thing that was said about overdue money: a mail, a letter, a call, a promise, a dispute.

    Written once. What was sent stays as sent; only what came of it (`result`) may be added.
    """

    _name = "construction.reminder"
    _description = "Reminder"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _check_company_auto = True
    # whoever sees the reminder may answer the client's reply
    _mail_post_access = "read"

    name = fields.Char(string="Subject", required=True, readonly=True)
    kind = fields.Selection(
        [
            ("mail", "Mail"),
            ("letter", "Letter"),
            ("call", "Call"),
            ("promise", "Promise to pay"),
            ("dispute", "Dispute"),
            ("settled", "Dispute settled"),
        ],
        string="How",
        required=True,
        readonly=True,
        index=True,
    )
    date = fields.Datetime(default=fields.Datetime.now, required=True, readonly=True)
    user_id = fields.Many2one("res.users", string="By", default=lambda self: self.env.user, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one("res.partner", string="Client", required=True, readonly=True, index=True)
    recipient_id = fields.Many2one("res.partner", string="Sent To", readonly=True)
    level_id = fields.Many2one("construction.reminder.level", readonly=True, ondelete="restrict")
    line_ids = fields.One2many("construction.reminder.line", "reminder_id", string="Instalments", readonly=True)
    body = fields.Html(string="Text", readonly=True, sanitize_style=True)
    note = fields.Text(readonly=True)
    result = fields.Text(help="What came of it: what the client answered, what was agreed.")

    # === CRUD === #

    def write(self, vals):
        if not self.env.su and vals.keys() & self._get_frozen_fields():
            raise UserError(
                self.env._("What was said to a client stays as it was: only the result of a reminder can be changed.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_said(self):
        if not self.env.su:
            raise UserError(self.env._("Reminders are the record of what was said to a client: they are kept."))

    # === ACTION === #

    def action_print_letter(self):
        """Print those of these reminders that were written.

        :raises UserError: none of them was: they were calls, promises, disputes
        """
        letters = self.filtered(lambda reminder: reminder.kind in ("mail", "letter"))
        if not letters:
            raise UserError(self.env._("There is nothing to print: only mails and letters are."))
        action = self.env.ref("construction_crm.action_report_construction_reminder").report_action(letters)
        return {**action, "close_on_report_download": True}

    # === BUSINESS === #

    def _get_lang(self):
        self.ensure_one()
        return self.recipient_id.lang or self.partner_id.lang or self.env.lang

    @api.model
    def _get_frozen_fields(self):
        return {
            "name",
            "kind",
            "date",
            "user_id",
            "company_id",
            "partner_id",
            "recipient_id",
            "level_id",
            "line_ids",
            "body",
            "note",
        }

    @api.model
    def _log(self, instalments, values):
        """Keep what was said about instalments of one client.

        :param dict values: of the reminder; `summary`, if given, is what the log of each instalment says
        :return: construction.reminder, with sudo
        """
        values = dict(values)
        summary = values.pop("summary", False)
        levels = values.pop("levels", {})
        # reason of sudo: the log is written by the methods that say things, never by hand
        return self.sudo().create(
            {
                "company_id": instalments.company_id.id,
                "partner_id": instalments.partner_id.commercial_partner_id[:1].id,
                "user_id": self.env.uid,
                "line_ids": [
                    Command.create(
                        {
                            "instalment_id": row.id,
                            "level_id": (levels.get(row) or row.env["construction.reminder.level"]).id,
                            "amount": row.amount_overdue,
                            "days_late": row.days_late,
                            "summary": summary or values["name"],
                        }
                    )
                    for row in instalments
                ],
                **values,
            }
        )


class ConstructionReminderLine(models.Model):
    """One instalment of a reminder, as it stood then."""

    _name = "construction.reminder.line"
    _description = "Reminded Instalment"
    _order = "id desc"

    reminder_id = fields.Many2one("construction.reminder", required=True, ondelete="cascade", index=True)
    instalment_id = fields.Many2one("construction.instalment", required=True, ondelete="cascade", index=True)
    contract_id = fields.Many2one(related="instalment_id.contract_id")
    company_id = fields.Many2one(related="reminder_id.company_id", store=True)
    kind = fields.Selection(related="reminder_id.kind", store=True)
    date = fields.Datetime(related="reminder_id.date", store=True)
    user_id = fields.Many2one(related="reminder_id.user_id")
    level_id = fields.Many2one("construction.reminder.level", ondelete="restrict", index="btree_not_null")
    currency_id = fields.Many2one(related="instalment_id.currency_id")
    amount = fields.Monetary(string="Overdue")
    days_late = fields.Integer()
    summary = fields.Char()

    @api.depends("reminder_id.name")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.summary
