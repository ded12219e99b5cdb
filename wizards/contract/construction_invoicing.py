import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.contract.batches import split_batches, work_off

_logger = logging.getLogger(__name__)

# More than these are invoiced in the background: a request must not run for minutes.
AT_ONCE = 20


class ConstructionInvoicing(models.TransientModel):
    """Invoice many instalments: each on its own, with a report of what became of it."""

    _name = "construction.invoicing"
    _description = "Invoice Instalments"

    line_ids = fields.One2many("construction.invoicing.line", "run_id", string="Instalments")
    state = fields.Selection(
        [
            ("draft", "To confirm"),
            ("running", "Running"),
            ("done", "Done"),
        ],
        default="draft",
        required=True,
        readonly=True,
    )
    date = fields.Date(
        string="Invoice Date",
        help="Empty: the day each invoice is posted.",
    )
    count_ready = fields.Integer(string="Can Be Invoiced", compute="_compute_counts")
    count_refused = fields.Integer(string="Not Invoiced", compute="_compute_counts")
    count_done = fields.Integer(string="Drafted", compute="_compute_counts")
    progress = fields.Integer(compute="_compute_counts")

    # === COMPUTE === #

    @api.depends("line_ids.state")
    def _compute_counts(self):
        for run in self:
            states = run.line_ids.mapped("state")
            run.count_ready = states.count("ready")
            run.count_refused = states.count("refused")
            run.count_done = states.count("done")
            run.progress = 100 * (len(states) - run.count_ready) / len(states) if states else 100

    # === ACTION === #

    def action_confirm(self):
        """Draft the invoices; many of them in the background.

        :raises UserError: nothing to invoice
        """
        self.ensure_one()
        if self.state == "draft":
            if not self.count_ready:
                reasons = list(dict.fromkeys(filter(None, self.line_ids.mapped("reason"))))
                raise UserError(
                    self.env._(
                        "None of these instalments can be invoiced now:\n%(reasons)s",
                        reasons="\n".join(f"- {reason}" for reason in reasons[:AT_ONCE]),
                    )
                )
            self.line_ids.instalment_id._check_invoicing_rights()
            self.state = "running"
            if self.count_ready <= AT_ONCE:
                for line in self._get_next_lines():
                    line._invoice()
                self.state = "done"
            else:
                # reason of sudo: people with invoicing rights may not run jobs
                self.env.ref("construction_crm.ir_cron_invoicing_run").sudo()._trigger()
        return self._get_own_action()

    def action_refresh(self):
        return self._get_own_action()

    def action_view_invoices(self):
        """The invoices drafted."""
        self.ensure_one()
        return self.line_ids.move_id._get_records_action(
            name=self.env._("Invoices"), context={"default_move_type": "out_invoice", "create": False}
        )

    # === BUSINESS === #

    def _get_own_action(self):
        self.ensure_one()
        return {
            "name": self.env._("Invoice Instalments"),
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _get_next_lines(self):
        """Rows still to do, those of one contract in the order of its plan."""
        return self.line_ids.filtered(lambda line: line.state == "ready").sorted(
            lambda line: (line.contract_id.id, line.instalment_id.sequence, line.instalment_id.id)
        )

    # === CRON === #

    def _cron_run(self):
        """Go on with what people asked for, as they themselves, row by row."""
        cron = self.env["ir.cron"]
        runs = self.search([("state", "in", ("running",))])
        cron._commit_progress(remaining=sum(runs.mapped("count_ready")))
        for run in runs:
            # one by one: an invoice is drafted, or the reason why not, and committed
            has_time = work_off(split_batches(run._get_next_lines(), 1), lambda line: line._invoice_for_owner())
            # also when the time is over just now: nothing is left that would have the job started again
            if not run.count_ready:
                run.state = "done"
                run._tell_done()
            if not has_time:
                return

    def _tell_done(self):
        """Tell the person who asked that the work is over."""
        self.ensure_one()
        self.create_uid._bus_send(
            "simple_notification",
            {
                "type": "warning" if self.count_refused else "success",
                "title": self.env._("Invoice Instalments"),
                "message": self.env._(
                    "%(done)s invoices drafted, %(refused)s instalments not invoiced.",
                    done=self.count_done,
                    refused=self.count_refused,
                ),
            },
        )


class ConstructionInvoicingLine(models.TransientModel):
    _name = "construction.invoicing.line"
    _description = "Instalment to Invoice"

    run_id = fields.Many2one("construction.invoicing", required=True, ondelete="cascade", index=True)
    instalment_id = fields.Many2one("construction.instalment", required=True, readonly=True, ondelete="cascade")
    contract_id = fields.Many2one(related="instalment_id.contract_id")
    partner_id = fields.Many2one(related="instalment_id.partner_id")
    currency_id = fields.Many2one(related="instalment_id.currency_id")
    amount = fields.Monetary(related="instalment_id.amount")
    state = fields.Selection(
        [
            ("ready", "To invoice"),
            ("done", "Drafted"),
            ("refused", "Not invoiced"),
        ],
        compute="_compute_state",
        store=True,
        readonly=False,
    )
    reason = fields.Char(compute="_compute_state", store=True, readonly=False)
    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)

    # === COMPUTE === #

    @api.depends("instalment_id")
    def _compute_state(self):
        """Rows of the same selection may free each other, so that those refused for these are tried as well."""
        for line in self:
            row = line.instalment_id
            is_due = row.state == "due"
            line.state = "ready" if is_due else "refused"
            line.reason = False if is_due else row._get_invoicing_obstacle()

    # === BUSINESS === #

    def _invoice_for_owner(self):
        """Invoice as the person who asked; a failure nobody foresaw is told on this row and stops no other."""
        # empty: another worker is at it
        for line in self.filtered(lambda line: line.state == "ready"):
            user = line.create_uid
            own = line.with_user(user).with_context(allowed_company_ids=user.company_ids.ids, lang=user.lang)
            # reason of sudo: only its company is taken
            own = own.with_company(line.instalment_id.sudo().company_id)
            try:
                with self.env.cr.savepoint():
                    own._invoice()
            except OperationalError:
                # somebody changed it meanwhile: it is read anew
                raise
            except Exception:
                _logger.exception("Instalment %s could not be invoiced", line.instalment_id.id)
                reason = own.env._("An unexpected error: ask your administrator to look at the log.")
                line.write({"state": "refused", "reason": reason})

    def _invoice(self):
        self.ensure_one()
        move, reason = self.instalment_id._try_invoice()
        self.write({"state": "done" if move else "refused", "reason": reason, "move_id": move.id})
        if move and self.run_id.date and move.state == "draft":
            move.invoice_date = self.run_id.date
