"""The daily look at what is overdue: it proposes reminders, and sends them only where the company says so."""

from odoo import api, fields, models

from .batches import search_batches, split_batches, work_off

REMIND_ACTIVITY = "construction_crm.mail_activity_type_remind"


class ConstructionInstalment(models.Model):
    _inherit = "construction.instalment"

    # === CRON === #

    @api.model
    def _cron_propose_reminders(self):
        """Daily: what is ripe becomes an activity, what is no longer is withdrawn."""
        kind = self.env.ref(REMIND_ACTIVITY, raise_if_not_found=False)
        contracts = self.search([("state", "in", ("overdue",))], order="id").contract_id
        by_mail = contracts.filtered("company_id.construction_auto_remind")
        self.env["ir.cron"]._commit_progress(remaining=len(contracts))
        if kind:
            proposed = self.env["construction.contract"]
            proposed = search_batches(proposed, [("activity_ids.activity_type_id", "in", kind.ids)])
            if not work_off(proposed, lambda batch: batch._withdraw_proposals(kind)):
                return
            if not work_off(split_batches(contracts - by_mail), lambda batch: batch._propose_reminders(kind)):
                return
        # one by one: what is sent is committed at once
        work_off(split_batches(by_mail, 1), lambda contract: contract._remind_or_propose(kind))


class ConstructionContract(models.Model):
    _inherit = "construction.contract"

    def _get_ripe_instalments(self):
        """Instalments a reminder of the next level is due for."""
        return self.instalment_ids.filtered(lambda row: row.state == "overdue" and row.reminder_next_id)

    def _withdraw_proposals(self, kind):
        """Take back the activities of contracts that have nothing to remind of any more."""
        settled = self - self._get_ripe_instalments().contract_id
        settled.activity_ids.filtered(lambda activity: activity.activity_type_id == kind).unlink()

    def _remind_or_propose(self, kind):
        """Send the reminder of this contract, or propose it where the next step is for people."""
        ripe = self._get_ripe_instalments()
        if ripe and not self._send_ripe(ripe) and kind:
            self._propose_reminders(kind)

    def _propose_reminders(self, kind):
        """Propose the reminder of each of these contracts, once."""
        ripe = self._get_ripe_instalments().grouped("contract_id")
        values = [
            contract._prepare_proposal(kind, rows)
            for contract, rows in ripe.items()
            if kind not in contract.activity_ids.activity_type_id
        ]
        # all at once: `activity_schedule` would make them one by one
        self.env["mail.activity"].create(values)

    def _prepare_proposal(self, kind, ripe):
        """Values of the activity that asks to remind of these instalments of the contract."""
        self.ensure_one()
        level = max(ripe.reminder_next_id, key=lambda one: one.days_late)
        user = self.user_id or self._get_invoicing_user()
        amounts = ripe._get_overdue_totals()
        client = self.partner_id.display_name
        return {
            "activity_type_id": kind.id,
            "automated": True,
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
            "date_deadline": fields.Date.context_today(self),
            "user_id": user.id or self.env.uid,
            "summary": self.env._("%(level)s: remind %(client)s", level=level.name, client=client),
            "note": ", ".join(
                [*(currency.format(amount) for currency, amount in amounts.items()), *ripe.mapped("name")]
            ),
        }

    def _send_ripe(self, ripe):
        """Send the mail of these and of what else the client owes.

        :return: whether it went out; calls and letters are for people
        """
        wizard = self.env["construction.remind"].with_company(self.company_id)._prepare(ripe)
        rows = wizard.client_ids.filtered(lambda row: row.kind == "mail")
        return bool(rows._send())
