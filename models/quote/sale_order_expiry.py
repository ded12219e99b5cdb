"""Quotes that run out: the client is reminded before, the salesperson told after."""

import logging

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date, split_every

_logger = logging.getLogger(__name__)

BATCH = 100
EXPIRED_ACTIVITY = "construction_crm.mail_activity_type_expired"


class SaleOrder(models.Model):
    _inherit = "sale.order"

    date_reminded = fields.Date(
        string="Reminded On",
        readonly=True,
        copy=False,
        help="When the client was reminded that this quote expires soon.",
    )
    date_expired = fields.Date(
        string="Expired On",
        readonly=True,
        copy=False,
        help="When this quote was found to be past its validity. It can no longer be accepted online.",
    )

    # === CRON === #

    @api.model
    def _cron_follow_validity(self):
        """Note the quotes that have expired, then remind clients of those that soon will."""
        today = fields.Date.today()
        reminder_domain = self._get_reminder_domain(today)
        # a job with nothing left is not called again where its time ends between the two
        later = self.search_count(reminder_domain)
        if self._handle_due(self._get_expired_domain(today), "_expire", later):
            self._handle_due(reminder_domain, "_remind")

    @api.model
    def _get_expired_domain(self, today):
        return Domain(
            [
                ("state", "=", "sent"),
                ("is_construction_quote", "=", True),
                ("superseded_by_id", "=", False),
                ("date_expired", "=", False),
                ("validity_date", "<", today),
            ]
        )

    @api.model
    def _get_reminder_domain(self, today):
        companies = self.env["res.company"].search([("construction_reminder_days", ">", 0)])
        due = Domain.OR(
            Domain("company_id", "in", same.ids) & Domain("validity_date", "<=", fields.Date.add(today, days=days))
            for days, same in companies.grouped("construction_reminder_days").items()
        )
        return due & Domain(
            [
                ("state", "=", "sent"),
                ("is_construction_quote", "=", True),
                ("superseded_by_id", "=", False),
                ("date_reminded", "=", False),
                ("validity_date", ">=", today),
                # Nobody is reminded of what came today.
                ("date_sent", "<", today),
            ]
        )

    @api.model
    def _handle_due(self, domain, method, later=0):
        """Call a method on all quotes of a domain, in batches; what fails is logged and tried again next time.

        :param later: how many quotes the job has to handle after these
        :return: whether there is time left
        """
        cron = self.env["ir.cron"]
        ids = self.search(domain, order="validity_date, id").ids
        cron._commit_progress(remaining=len(ids) + later)
        for batch in split_every(BATCH, ids):
            # Somebody may be working on a quote, or have been since.
            orders = self.browse(batch).try_lock_for_update(allow_referencing=True).filtered_domain(domain)
            orders._handle_batch(method)
            if not cron._commit_progress(len(batch)):
                return False
        return True

    def _handle_batch(self, method):
        """Handle all at once; where one fails, each by itself."""
        try:
            with self.env.cr.savepoint():
                getattr(self, method)()
            return
        except Exception:  # pylint: disable=broad-except
            if len(self) == 1:
                _logger.exception("Quote %s (%s) failed", self.id, method)
                return
        self.env.invalidate_all(flush=False)
        for order in self:
            order._handle_batch(method)

    # === BUSINESS === #

    def _expire(self):
        """Note that these quotes have expired, and ask their salespeople what becomes of them."""
        self._write_life_cycle({"date_expired": fields.Date.today()})
        for user, orders in self._group_by_follower_up():
            body = orders.env._("This quote has expired: it can no longer be accepted online.")
            orders._message_log_batch(bodies=dict.fromkeys(orders.ids, body))
            # What is being revised needs no reminder.
            waiting = orders.filtered(lambda order: not order.open_revision_id)
            if user and waiting:
                # The activity is in his list: a mail for each quote would be too many.
                waiting.with_context(mail_activity_quick_update=True).activity_schedule(
                    EXPIRED_ACTIVITY, user_id=user.id
                )

    def _remind(self):
        """Remind the clients of these quotes by mail, each once."""
        template = self.env.ref("construction_crm.mail_template_quote_reminder", raise_if_not_found=False)
        if not template:
            return
        self._write_life_cycle({"date_reminded": fields.Date.today()})
        reached = self._filter_reachable()
        if reached:
            for order in reached:
                # Not in the template: Odoo tries it on any order when it is installed, and would write there.
                order._portal_ensure_token()
            template.send_mail_batch(
                reached.ids, email_layout_xmlid="mail.mail_notification_layout_with_responsible_signature"
            )
        for _user, orders in self._group_by_follower_up():
            sent = orders.env._("The client was reminded by mail that this quote expires soon.")
            unsent = orders.env._(
                "The client could not be reminded that this quote expires soon: there is no mail address."
            )
            orders._message_log_batch(bodies={order.id: sent if order in reached else unsent for order in orders})

    def _filter_reachable(self):
        """Give those of these quotes that have somebody with a mail address."""
        found = self._message_get_default_recipients()
        partners = self.env["res.partner"].browse({pid for values in found.values() for pid in values["partner_ids"]})
        known = set(partners.filtered("email_normalized").ids)
        return self.filtered(
            lambda order: found[order.id]["email_to"] or known.intersection(found[order.id]["partner_ids"])
        )

    def _get_expired_message(self):
        self.ensure_one()
        return self.env._(
            "%(quote)s was valid until %(date)s and can no longer be accepted. Ask us for a new offer.",
            quote=self.name,
            date=format_date(self.env, self.validity_date),
        )

    def _group_by_follower_up(self):
        """Give `(user, quotes)`, the quotes in the language of whom they are followed up by."""
        for user, orders in self.grouped(lambda order: order._get_follower_up()).items():
            yield user, orders.with_context(lang=user.lang or self.env.lang)

    def _close_expired(self):
        """The question what becomes of an expired quote is answered."""
        expired = self.filtered("date_expired")
        if expired:
            # sudo: the activity is the salesperson's, whoever answers it.
            expired.sudo().activity_unlink([EXPIRED_ACTIVITY])

    # === HOOKS === #

    def _action_confirm(self):
        result = super()._action_confirm()
        self._close_expired()
        return result

    def _action_cancel(self):
        result = super()._action_cancel()
        self._close_expired()
        return result

    def _set_superseded_by(self, revision):
        result = super()._set_superseded_by(revision)
        if revision:
            self._close_expired()
        return result
