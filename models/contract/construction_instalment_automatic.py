import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError

from .batches import split_batches, work_off
from .construction_instalment import BILLED_STATES

_logger = logging.getLogger(__name__)


class ConstructionInstalment(models.Model):
    """Many instalments at once, and those that are invoiced by themselves."""

    _inherit = "construction.instalment"

    days_waiting = fields.Integer(
        compute="_compute_days_waiting",
        help="Days since this instalment could be invoiced.",
    )
    invoicing_obstacle = fields.Char(
        string="Not Yet, Because",
        compute="_compute_invoicing_obstacle",
        help="Why this instalment cannot be invoiced as it stands.",
    )

    # === COMPUTE === #

    @api.depends("state", "date_due")
    @api.depends_context("tz")
    def _compute_days_waiting(self):
        today = fields.Date.context_today(self)
        for row in self:
            row.days_waiting = (today - row.date_due).days if row.state == "due" and row.date_due else 0

    @api.depends("state", "amount", "contract_id.state", "contract_id.amount_left")
    def _compute_invoicing_obstacle(self):
        due = self.filtered(lambda row: row.state == "due")
        (self - due).invoicing_obstacle = False
        # once a contract, not once a row: a plan may have many thousand
        open_rows = due._get_open_rows()
        for row in due:
            row.invoicing_obstacle = row._get_invoicing_obstacle(open_rows.get(row.contract_id))

    # === ACTION === #

    def action_invoice_selected(self):
        """Invoice one instalment at once; for several, ask and report what became of each.

        :return: action on the invoice, or on the question
        :raises AccessError: without invoicing rights
        """
        if len(self) == 1:
            return self.action_invoice()
        self._check_invoicing_rights()
        wizard = self.env["construction.invoicing"].create(
            {"line_ids": [fields.Command.create({"instalment_id": row.id}) for row in self]}
        )
        return wizard._get_own_action()

    # === BUSINESS === #

    def _get_invoicing_obstacle(self, open_rows=None):
        """Why this instalment cannot be invoiced now, in a sentence; empty when it can.

        :param open_rows: see `_check_can_invoice`
        """
        self.ensure_one()
        if self.state in BILLED_STATES:
            return self.env._("“%(name)s” is invoiced already.", name=self.name)
        try:
            self._check_can_invoice(open_rows)
        except UserError as error:
            return str(error)
        return False

    def _try_invoice(self):
        """Invoice this instalment, or say why not; what was done for it is undone then.

        :return: (account.move, reason of the refusal or an empty text)
        """
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self.action_invoice()
                return self._get_live_invoice(), ""
        except UserError as error:
            return self.env["account.move"], str(error)
        except RedirectWarning as error:
            return self.env["account.move"], str(error.args[0])

    def _is_invoiced_by_itself(self):
        self.ensure_one()
        # the contract first: it is known, the state of a new row is yet to be found out
        return self.contract_id.invoicing_mode == "automatic" and self.state == "due" and self.amount > 0

    def _schedule_due(self):
        """Rows that are invoiced by themselves need no reminder: a job drafts their invoices."""
        automatic = self.filtered(lambda row: row._is_invoiced_by_itself())
        if automatic:
            # reason of sudo: whoever raised the event may not run jobs
            self.env.ref("construction_crm.ir_cron_invoice_due").sudo()._trigger()
        return super(ConstructionInstalment, self - automatic)._schedule_due()

    def _schedule_check(self, move, reason):
        """Ask the invoicing person to check a draft made by itself, or tell why there is none; one activity a row."""
        self.ensure_one()
        contract = self.contract_id
        values = {
            "summary": self.env._("Check and post the draft invoice of “%(name)s”", name=self.name)
            if move
            else self.env._("“%(name)s” could not be invoiced by itself", name=self.name),
            "note": reason or move._get_html_link(),
        }
        if self.activity_id.active:
            self.activity_id.write(values)
            return
        self.activity_id = contract.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=fields.Date.context_today(self),
            user_id=contract._get_invoicing_user().id or self.env.uid,
            **values,
        )

    # === CRON === #

    def _cron_invoice_due(self):
        """Draft the invoices of contracts that want them when due; one that fails does not stop the others."""
        domain = [("state", "in", ("due",)), ("contract_id.invoicing_mode", "in", ("automatic",)), ("amount", ">", 0)]
        rows = self.search(domain, order="contract_id, sequence, id")
        self.env["ir.cron"]._commit_progress(remaining=len(rows))
        # one by one: an invoice is drafted, or the reason why not, and committed
        work_off(split_batches(rows, 1), lambda row: row._invoice_by_itself())

    def _invoice_by_itself(self):
        """Draft the invoice of this row, unless another worker is at its contract or has done it."""
        contract = self.contract_id.try_lock_for_update(allow_referencing=True)
        if not (contract and self._is_invoiced_by_itself()):
            return
        row = self.with_company(self.company_id)
        try:
            move, reason = row._try_invoice()
        except OperationalError:
            # somebody changed it meanwhile: it is read anew
            raise
        except Exception:  # whatever it was: somebody is told below, and the other rows go on
            _logger.exception("Instalment %s could not be invoiced", self.id)
            move = self.env["account.move"]
            reason = self.env._("An unexpected error: ask your administrator to look at the log.")
        row._schedule_check(move, reason)
