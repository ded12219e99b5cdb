"""The daily look at what is overdue: it proposes reminders, and sends them only where the company says so."""

import logging

from odoo import api, models
from odoo.tools import split_every

_logger = logging.getLogger(__name__)

BATCH = 100
REMIND_ACTIVITY = "construction_crm.mail_activity_type_remind"


class ConstructionInstalment(models.Model):
    _inherit = "construction.instalment"

    # === CRON === #

    @api.model
    def _cron_propose_reminders(self):
        """Daily, each contract by itself: what is ripe becomes an activity, what is no longer is withdrawn."""
        cron = self.env["ir.cron"]
        self._withdraw_proposals()
        contracts = self.search([("state", "in", ("overdue",))], order="id").contract_id
        cron._commit_progress(remaining=len(contracts))
        for ids in split_every(BATCH, contracts.ids):
            locked = contracts.browse(ids).try_lock_for_update(allow_referencing=True)
            for contract in locked:
                contract._propose_safely()
            if not cron._commit_progress(len(ids)):
                return

    @api.model
    def _withdraw_proposals(self):
        """Take back the activities of contracts that have nothing to remind of any more."""
        kind = self.env.ref(REMIND_ACTIVITY, raise_if_not_found=False)
        if not kind:
            return
        activities = self.env["mail.activity"].search(
            [("activity_type_id", "=", kind.id), ("res_model", "=", "construction.contract")]
        )
        contracts = self.env["construction.contract"].browse(activities.mapped("res_id")).exists()
        ripe = contracts.filtered(lambda contract: contract._get_ripe_instalments())
        activities.filtered(lambda activity: activity.res_id not in ripe.ids).unlink()


class ConstructionContract(models.Model):
    _inherit = "construction.contract"

    def _get_ripe_instalments(self):
        """Instalments a reminder of the next level is due for."""
        return self.instalment_ids.filtered(lambda row: row.state == "overdue" and row.reminder_next_id)

    def _propose_safely(self):
        """A contract that fails is logged; the others go on."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._propose_reminder()
        except Exception:  # pylint: disable=broad-except
            self.env.invalidate_all(flush=False)
            _logger.exception("No reminder could be proposed for contract %s", self.id)

    def _propose_reminder(self):
        """Propose the reminder of this contract once, or send it where the company says so."""
        self.ensure_one()
        ripe = self._get_ripe_instalments()
        if not ripe:
            return
        if self.company_id.construction_auto_remind and self._send_ripe(ripe):
            return
        kind = self.env.ref(REMIND_ACTIVITY, raise_if_not_found=False)
        if not kind or kind in self.activity_ids.activity_type_id:
            return
        level = max(ripe.reminder_next_id, key=lambda one: one.days_late)
        user = self.user_id or self._get_invoicing_user()
        amounts = ripe._get_overdue_totals()
        self.activity_schedule(
            REMIND_ACTIVITY,
            user_id=user.id or self.env.uid,
            summary=self.env._("%(level)s: remind %(client)s", level=level.name, client=self.partner_id.display_name),
            note=", ".join([*(currency.format(amount) for currency, amount in amounts.items()), *ripe.mapped("name")]),
        )

    def _send_ripe(self, ripe):
        """Send the mail of these and of what else the client owes.

        :return: whether it went out; calls and letters are for people
        """
        wizard = self.env["construction.remind"].with_company(self.company_id)._prepare(ripe)
        rows = wizard.client_ids.filtered(lambda row: row.kind == "mail")
        return bool(rows._send())
