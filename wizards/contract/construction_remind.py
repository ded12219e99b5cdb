from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty


class ConstructionRemind(models.TransientModel):
    """What each client would get: one reminder a client, over all his overdue instalments."""

    _name = "construction.remind"
    _description = "Remind Clients"

    client_ids = fields.One2many("construction.remind.client", "remind_id")
    skipped = fields.Text(string="Not Reminded", readonly=True)

    # === ACTION === #

    def action_send(self):
        """Send every mail, log every call, and print the letters.

        :raises UserError: something was paid, promised or reminded since the preview
        """
        self.ensure_one()
        reminders = self.client_ids._send()
        letters = reminders.filtered(lambda reminder: reminder.kind == "letter")
        if letters:
            return letters.action_print_letter()
        return self._get_done_action(reminders)

    # === BUSINESS === #

    @api.model
    def _prepare(self, instalments):
        """Put together what clients would get for these and their other overdue instalments.

        :return: construction.remind
        :raises UserError: none of them may be reminded now
        """
        instalments = instalments._get_with_others_of_client()
        holds = {row: row._get_reminder_hold() for row in instalments}
        ripe = instalments.filtered(lambda row: not holds[row])
        if not ripe:
            raise UserError("\n".join(hold for hold in holds.values() if hold) or self.env._("Nothing is overdue."))
        grouped = ripe.grouped(lambda row: (row.company_id, row.partner_id.commercial_partner_id))
        wizard = self.create({"skipped": "\n".join(hold for hold in holds.values() if hold) or False})
        for (company, _client), rows in grouped.items():
            levels = self.env["construction.reminder.level"]._get_company_levels(company)
            if not levels:
                raise UserError(
                    self.env._(
                        "No reminder level is set up for %(company)s: add one under "
                        "Construction › Configuration › Reminder Levels.",
                        company=company.name,
                    )
                )
            self.env["construction.remind.client"].create(wizard._prepare_client_values(rows, levels))
        return wizard

    def _prepare_client_values(self, rows, levels):
        last = max(rows.reminder_next_id | rows.reminder_level_id, key=lambda level: level.days_late, default=levels[0])
        level = max(rows.reminder_next_id, key=lambda level: level.days_late, default=last)
        recipient = rows._get_reminder_recipient()
        return {
            "remind_id": self.id,
            "company_id": rows.company_id.id,
            "partner_id": rows.partner_id.commercial_partner_id[:1].id,
            "recipient_id": recipient.id,
            "level_id": level.id,
            "kind": "letter" if level.channel == "mail" and not recipient.email_normalized else level.channel,
            "instalment_ids": rows.ids,
        }

    def _get_preview_action(self):
        """Open the preview: that of the only client at once."""
        self.ensure_one()
        is_single = len(self.client_ids) == 1
        record = self.client_ids if is_single else self
        view = "construction_remind_client_view_form_single" if is_single else "construction_remind_view_form"
        return {
            "name": self.env._("Remind"),
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(self.env.ref(f"construction_crm.{view}").id, "form")],
            "target": "new",
        }

    def _get_done_action(self, reminders):
        mails = len(reminders.filtered(lambda reminder: reminder.kind == "mail"))
        message = self.env._("%(total)s clients followed up, %(mails)s by mail.", total=len(reminders), mails=mails)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }


class ConstructionRemindClient(models.TransientModel):
    """What one client would get."""

    _name = "construction.remind.client"
    _description = "Reminder of a Client"

    remind_id = fields.Many2one("construction.remind", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    partner_id = fields.Many2one("res.partner", string="Client", required=True, readonly=True)
    recipient_id = fields.Many2one(
        "res.partner",
        required=True,
        domain="[('commercial_partner_id', '=', partner_id)]",
    )
    email = fields.Char(related="recipient_id.email")
    lang = fields.Char(compute="_compute_lang")
    kind = fields.Selection(
        [("mail", "Mail"), ("letter", "Letter"), ("call", "Call"), ("skip", "Not now")],
        string="How",
        required=True,
    )
    level_id = fields.Many2one(
        "construction.reminder.level",
        required=True,
        domain="[('company_id', 'in', (company_id, False))]",
    )
    # What the other instalments of the client are is not asked again: taking one out is all there is to do.
    instalment_ids = fields.Many2many(
        "construction.instalment",
        required=True,
        domain="[('partner_id', 'child_of', partner_id), ('company_id', '=', company_id), ('state', '=', 'overdue')]",
    )
    total = fields.Char(string="Overdue", compute="_compute_total")
    days_late = fields.Integer(compute="_compute_total")
    subject = fields.Char(compute="_compute_subject", store=True, readonly=False, precompute=True)
    body = fields.Html(
        string="Text",
        compute="_compute_body",
        store=True,
        readonly=False,
        precompute=True,
        sanitize_style=True,
    )
    attach_statement = fields.Boolean(compute="_compute_attach_statement", store=True, readonly=False, precompute=True)
    note = fields.Text(string="What Was Said", help="Notes of the call: who was spoken to, what he answered.")
    amounts = fields.Json(compute="_compute_amounts", store=True, precompute=True, export_string_translation=False)
    reminder_id = fields.Many2one("construction.reminder", readonly=True)

    # === COMPUTE === #

    @api.depends("recipient_id", "partner_id")
    def _compute_lang(self):
        for row in self:
            row.lang = row.recipient_id.lang or row.partner_id.lang or row.company_id.partner_id.lang or row.env.lang

    @api.depends("instalment_ids")
    def _compute_total(self):
        for row in self:
            amounts = row.instalment_ids._get_overdue_totals()
            row.total = " + ".join(currency.format(amount) for currency, amount in amounts.items())
            row.days_late = max(row.instalment_ids.mapped("days_late"), default=0)

    @api.depends("level_id", "recipient_id")
    def _compute_subject(self):
        for row in self:
            level = row.level_id.with_context(lang=row.lang)
            row.subject = level.subject or level.name

    @api.depends("level_id", "recipient_id", "instalment_ids")
    def _compute_body(self):
        for row in self:
            row.body = row._render_body()

    @api.depends("level_id")
    def _compute_attach_statement(self):
        for row in self:
            row.attach_statement = row.level_id.attach_statement

    @api.depends("instalment_ids")
    def _compute_amounts(self):
        """What the preview says of each instalment, to see later whether it still holds."""
        for row in self:
            row.amounts = row.instalment_ids._origin._get_reminded_state()

    # === ACTION === #

    def action_send(self):
        """Send the reminder of this client only."""
        self.ensure_one()
        return self.remind_id.action_send()

    def action_preview(self):
        """Look at, and change, what this client gets."""
        self.ensure_one()
        return {
            "name": self.partner_id.display_name,
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(self.env.ref("construction_crm.construction_remind_client_view_form").id, "form")],
            "target": "new",
        }

    # === BUSINESS === #

    def _render_body(self):
        """The text of the reminder in the language of the client."""
        self.ensure_one()
        row = self.with_context(lang=self.lang)
        level = row.level_id
        # while the preview is being made, its rows are new ones that owe nothing
        instalments = row.instalment_ids._origin
        values = {
            "row": row,
            "opening": False if is_html_empty(level.opening) else level.opening,
            "closing": False if is_html_empty(level.closing) else level.closing,
            "lines": instalments._get_reminder_rows(),
            "totals": instalments._get_overdue_totals(),
            "is_one_currency": len(instalments.currency_id) == 1,
        }
        return row.env["ir.qweb"]._render("construction_crm.reminder_body", values, lang=self.lang)

    def _send(self):
        """Send, print or log each of these once.

        :return: construction.reminder
        """
        reminders = self.env["construction.reminder"]
        if not self.instalment_ids:
            return reminders
        # reason of sudo: the rows are the plan's, which accountants may not write; the lock changes nothing
        self.instalment_ids.sudo()._lock_rows()
        self.invalidate_recordset()
        for row in self.filtered(lambda row: row.kind != "skip" and not row.reminder_id):
            row._check_still_true()
            reminder = row._log()
            row.reminder_id = reminder
            if row.kind == "mail":
                row._send_mail(reminder)
            row._tell_contracts(reminder)
            reminders |= reminder
        return reminders.sudo(False)

    def _check_still_true(self):
        """Nobody is reminded of what he has paid or promised since the preview, nor twice.

        :raises UserError: something changed, or the mail has nobody to go to
        """
        self.ensure_one()
        self.instalment_ids._check_following_rights()
        others = self.instalment_ids.filtered(
            lambda row: row.partner_id.commercial_partner_id != self.partner_id or row.company_id != self.company_id
        )
        # reason of sudo: who reminds need not see the orders, which may name another payer
        payers = self.instalment_ids.sudo().contract_id.order_ids.partner_invoice_id.commercial_partner_id
        if others or self.recipient_id.commercial_partner_id not in self.partner_id | payers.sudo(False):
            raise UserError(
                self.env._(
                    "A reminder of %(client)s tells of this client only, and goes to nobody else.",
                    client=self.partner_id.name,
                )
            )
        if not self.instalment_ids:
            raise UserError(self.env._("No instalment is left to remind %(client)s of.", client=self.partner_id.name))
        if self.kind == "mail" and not self.recipient_id.email_normalized:
            raise UserError(
                self.env._(
                    "%(client)s has no valid mail address: enter one, or choose a letter or a call.",
                    client=self.recipient_id.display_name,
                )
            )
        holds = [hold for hold in (row._get_reminder_hold() for row in self.instalment_ids) if hold]
        now = self.instalment_ids._get_reminded_state()
        if not holds and now == (self.amounts or {}):
            return
        raise UserError(
            self.env._(
                "Things changed since this preview of %(client)s was made. Close it and choose Remind again.\n%(why)s",
                client=self.partner_id.display_name,
                why="\n".join(holds) or self.env._("An amount changed, or a colleague reminded the client."),
            )
        )

    def _log(self):
        self.ensure_one()
        levels = self.env["construction.reminder.level"]._get_company_levels(self.company_id)
        # a younger instalment in the same mail has not come as far as the mail
        reached = {
            row: levels._get_reached(min(row.days_late, self.level_id.days_late)) or levels[:1]
            for row in self.instalment_ids
        }
        return self.env["construction.reminder"]._log(
            self.instalment_ids,
            {
                "kind": self.kind,
                "name": self.subject or self.level_id.name,
                "level_id": self.level_id.id,
                "levels": reached,
                "recipient_id": self.recipient_id.id,
                "body": self.body if self.kind != "call" else False,
                "note": self.note,
            },
        )

    def _send_mail(self, reminder):
        """Send the text as it was previewed, by stock's discussion of the reminder.

        :param reminder: construction.reminder, with sudo
        """
        self.ensure_one()
        attachments = []
        if self.attach_statement:
            attachments.append(self._render_statement())
        reminder.with_context(lang=self.lang, mail_notify_author=False).message_post(
            author_id=self.env.user.partner_id.id,
            body=Markup(self.body or ""),
            subject=reminder.name,
            partner_ids=self.recipient_id.ids,
            attachments=attachments,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            email_layout_xmlid="mail.mail_notification_light",
        )

    def _render_statement(self):
        """The statement of account as (file name, PDF)."""
        statement = self.env["construction.statement"]._create_for_client(self.partner_id, self.company_id)
        return statement._render_pdf()

    def _tell_contracts(self, reminder):
        for contract, rows in self.instalment_ids.grouped("contract_id").items():
            # reason of sudo: accountants may not write on the contract
            contract.sudo()._message_log(
                body=self.env._(
                    "%(reminder)s: %(instalments)s",
                    reminder=reminder._get_html_link(title=f"{reminder.name}"),
                    instalments=", ".join(rows.mapped("name")),
                )
            )
