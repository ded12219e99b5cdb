from odoo import api, fields, models
from odoo.exceptions import UserError

from ..pipeline.construction_reason_mixin import ReasonStep


class ConstructionContract(models.Model):
    """The steps of a contract, and what keeps it from taking one."""

    _name = "construction.contract"
    _inherit = ["construction.contract", "construction.reason.mixin"]

    cancel_reason = fields.Text(string="Cancelled Because", copy=False, tracking=True)

    # === CRUD === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_once_signed(self):
        for contract in self:
            if contract.state == "cancelled" and contract.date_signed:
                raise UserError(
                    self.env._(
                        "Contract %(contract)s was signed on %(date)s: it stays as cancelled and is not deleted.",
                        contract=contract.name,
                        date=fields.Date.to_string(contract.date_signed),
                    )
                )

    # === ACTION === #

    def action_sign(self):
        # a second click waits here and then finds it signed
        self._lock_rows()
        return super().action_sign()

    def action_ask_cancel(self):
        """Ask why the contract is cancelled."""
        self.ensure_one()
        return self._ask_reason("cancel")

    @api.model
    def _get_reason_steps(self):
        cancel = ReasonStep(
            method="_cancel_because",
            title=self.env._("Cancel Contract"),
            button=self.env._("Cancel Contract"),
            hint=self.env._(
                "The contract and its payment plan are cancelled; the orders get free for another contract. With "
                "invoices or payments it cannot be cancelled."
            ),
            placeholder=self.env._("Why is the contract cancelled?"),
        )
        return {**super()._get_reason_steps(), "cancel": cancel}

    def action_reopen_account(self):
        """Open a closed account again: the contract is completed, as it was before.

        :raises UserError: it is not closed
        """
        self._check_state(["closed"], "reopen")
        self._write_step({"state": "completed"})
        return True

    def action_draft(self):
        cancelled = self.filtered(lambda contract: contract.state == "cancelled")
        result = super().action_draft()
        cancelled._write_step({"cancel_reason": False})
        return result

    # === BUSINESS === #

    def _cancel_because(self, reason):
        self.action_cancel()
        self.cancel_reason = reason

    def _check_ready_to_sign(self):  # pylint: disable=missing-return
        super()._check_ready_to_sign()
        day = self.date_signed or fields.Date.context_today(self)
        if day > fields.Date.context_today(self):
            self._check_date_signed()
        if self.date_end and self.date_end < day:
            raise UserError(
                self.env._(
                    "Contract %(contract)s would end before it is signed: correct the end of the works "
                    "or the day of signature.",
                    contract=self.name,
                )
            )

    def _check_ready_to_complete(self):
        """The works cannot be done before they begin."""
        self.ensure_one()
        if self.date_start and self.date_start > fields.Date.context_today(self):
            raise UserError(
                self.env._(
                    "The works of contract %(contract)s start on a day to come: correct their start before you "
                    "complete them.",
                    contract=self.name,
                )
            )

    def _prepare_complete_values(self):
        """The day of the handover is never one to come: the warranty counts from it."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        return {"state": "completed", "date_end": min(self.date_end or today, today)}

    def _prepare_sign_values(self):
        return {**super()._prepare_sign_values(), "body_signed": self._get_terms_html() or False}
