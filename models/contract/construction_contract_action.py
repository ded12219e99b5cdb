from odoo import api, fields, models
from odoo.exceptions import UserError

from ..pipeline.row_lock import take
from .construction_contract import LIVE_STATES


class ConstructionContract(models.Model):
    _inherit = "construction.contract"

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        new = self.env._("New")
        for vals in vals_list:
            if (vals.get("name") or new) == new:
                vals["name"] = self._get_next_number(vals) or new
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed_or_money(self):
        for contract in self:
            if contract.state in LIVE_STATES:
                raise UserError(
                    self.env._(
                        "Contract %(contract)s is signed and cannot be deleted: cancel it first.",
                        contract=contract.name,
                    )
                )
            contract._check_no_money()

    def _get_next_number(self, vals):
        """The number of a contract about to be made, by the numbering of its type or of its company."""
        company = vals.get("company_id") or self.env.company.id
        # reason of sudo: the numbering counts up, whoever makes the contract
        numbering = self.env["construction.type"].browse(vals.get("construction_type_id")).sudo().sequence_id
        if numbering:
            return numbering.with_company(company).next_by_id()
        return self.env["ir.sequence"].with_company(company).next_by_code("construction.contract")

    # === ACTION === #

    def action_sign(self):
        """Sign: the plan must add up and no data be missing. Raises the signature event."""
        self._check_state(["draft"], "sign")
        for contract in self:
            contract._check_ready_to_sign()
        for contract in self:
            contract._write_step(contract._prepare_sign_values())
            contract._raise_event("signature", contract.date_signed)
            contract.instalment_ids._schedule_due()
        return True

    def action_start(self):
        """The works begin."""
        self._check_state(["signed"], "start")
        self._write_step({"state": "running"})
        return True

    def action_complete(self):
        """The works are done; without an end date, today is the one the warranty counts from."""
        self._check_state(["signed", "running"], "complete")
        for contract in self:
            contract._check_ready_to_complete()
        for contract in self:
            contract._write_step(contract._prepare_complete_values())
        return True

    def action_close(self):
        """Close the account: all is invoiced and collected."""
        self._check_state(["completed"], "close")
        for contract in self:
            open_amount = contract.currency_id.round(contract.amount_total - contract.amount_collected)
            if contract.currency_id.compare_amounts(open_amount, 0.0) > 0:
                raise UserError(
                    self.env._(
                        "Contract %(contract)s still has %(amount)s to collect and cannot be closed.",
                        contract=contract.name,
                        amount=contract.currency_id.format(open_amount),
                    )
                )
        self._write_step({"state": "closed"})
        return True

    def action_cancel(self):
        """Cancel, unless money already hangs on it."""
        contracts = self.filtered(lambda contract: contract.state != "cancelled")
        contracts._check_state(["draft", "signed", "running", "completed"], "cancel")
        for contract in contracts:
            contract._check_no_money()
            contract._revoke_event("signature")
            contract._write_step({"state": "cancelled"})
            contract._clear_activities()
        return True

    def action_draft(self):
        """Back to draft: the signature is undone with all it made due."""
        self._check_state(["signed", "running", "cancelled"], "reset")
        for contract in self:
            contract._check_no_money()
            contract._revoke_event("signature")
            contract._write_step({"state": "draft", "date_signed": False, "body_signed": False, "amount_original": 0.0})
            contract._clear_activities()
        return True

    def action_view_orders(self):
        self.ensure_one()
        return self.order_ids._get_records_action(name=self.env._("Orders"))

    def action_view_invoices(self):
        """The invoices of this contract, those made outside the plan included."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("construction_crm.account_move_action_construction")
        action["domain"] = [("contract_id", "=", self.id)]
        action["context"] = {"create": False, "default_move_type": "out_invoice", "of_one_deal": True}
        return action

    def action_view_lead(self):
        self.ensure_one()
        return self.lead_id._get_records_action(name=self.env._("Deal"))

    # === BUSINESS === #

    def _lock_rows(self):
        """Take the contracts for this transaction: whoever waited here runs again, with what is true by then."""
        take(self)

    def _check_state(self, states, step):
        for contract in self:
            if contract.state not in states:
                raise UserError(contract._get_refusal_message(step))

    def _get_refusal_message(self, step):
        """Say, in a sentence for each step, why it is not open to the contract."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        values = {"contract": self.name, "state": labels[self.state]}
        messages = {
            "sign": self.env._("Contract %(contract)s cannot be signed: its state is “%(state)s”.", **values),
            "start": self.env._("Contract %(contract)s cannot be started: its state is “%(state)s”.", **values),
            "complete": self.env._("Contract %(contract)s cannot be completed: its state is “%(state)s”.", **values),
            "close": self.env._("Contract %(contract)s cannot be closed: its state is “%(state)s”.", **values),
            "cancel": self.env._(
                "Contract %(contract)s cannot be cancelled: its account is closed. Reopen the account first.", **values
            ),
            "reopen": self.env._("The account of contract %(contract)s is not closed.", **values),
            "reset": self.env._("Contract %(contract)s cannot be reset to draft: its state is “%(state)s”.", **values),
        }
        return messages[step]

    def _check_ready_to_sign(self):
        self.ensure_one()
        if self.missing_data:
            raise UserError(
                self.env._(
                    "Contract %(contract)s cannot be signed yet. Please fill in:\n%(missing)s",
                    contract=self.name,
                    missing="\n".join(f"- {line}" for line in self.missing_data.split("\n")),
                )
            )
        if not self.currency_id.is_zero(self.amount_left):
            raise UserError(
                self.env._(
                    "The payment plan of contract %(contract)s does not add up: it plans %(planned)s of %(total)s. "
                    "Correct the instalments, or let one of them take the rest.",
                    contract=self.name,
                    planned=self.currency_id.format(self.amount_planned),
                    total=self.currency_id.format(self.amount_total),
                )
            )

    def _prepare_sign_values(self):
        self.ensure_one()
        return {"state": "signed", "date_signed": self.date_signed or fields.Date.context_today(self)}

    def _check_no_money(self):
        """Refuse what would leave invoices or payments without their contract."""
        self.ensure_one()
        # reason of sudo: a salesperson may not read every invoice that keeps the contract alive
        moves = self.sudo().move_ids.filtered(lambda move: move.state != "cancel")
        if moves:
            raise UserError(
                self.env._(
                    "Invoice %(invoice)s hangs on contract %(contract)s. Cancel that invoice first.",
                    contract=self.name,
                    invoice=", ".join(moves.mapped("display_name")),
                )
            )
        # reason of sudo: as above, for payments
        collections = self.sudo().collection_ids.filtered("is_live")
        if collections:
            raise UserError(
                self.env._(
                    "%(amount)s was received from the client for contract %(contract)s. Cancel that payment first.",
                    contract=self.name,
                    amount=self.currency_id.format(sum(collections.mapped("amount_contract"))),
                )
            )

    def _clear_activities(self):
        # reason of sudo: the activities are those of the invoicing person
        self.sudo().instalment_ids.activity_id.unlink()

    # === HOOKS === #

    def _raise_event(self, kind, date=None, **details):
        """Tell the plan that something happened: the instalments that wait for it get their date.

        :param str kind: a value of `construction.instalment.trigger`
        :param date: the day it happened, today when empty
        :param details: what `construction.instalment._awaits` compares (a stage, a percentage…)
        :return: the instalments concerned
        """
        # reason of sudo: who reaches a stage or completes a delivery may have no rights on plans
        instalments = self.sudo().instalment_ids.filtered(lambda instalment: instalment._awaits(kind, **details))
        instalments._fire(date)
        return instalments.sudo(self.env.su)

    def _revoke_event(self, kind, **details):
        """Undo `_raise_event` for the instalments that are not invoiced yet.

        :return: the instalments that wait again
        """
        # reason of sudo: as in `_raise_event`
        instalments = self.sudo().instalment_ids.filtered(
            lambda instalment: (
                instalment.date_event and instalment.trigger == kind and instalment._matches_event(kind, **details)
            )
        )
        return instalments._unfire().sudo(self.env.su)
