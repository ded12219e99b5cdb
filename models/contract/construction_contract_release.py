from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ...core.contract.retention import HANDOVER, PARTS, WARRANTY
from .batches import split_batches, work_off
from .construction_contract import LIVE_STATES
from .construction_contract_retention import RELEASE_FIELDS


class ConstructionContract(models.Model):
    """Releasing what the client keeps back, part by part."""

    _inherit = "construction.contract"

    retention_activity_id = fields.Many2one(
        "mail.activity",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        export_string_translation=False,
    )
    can_release_retention = fields.Boolean(compute="_compute_can_release_retention")
    can_undo_release = fields.Boolean(compute="_compute_can_release_retention")

    # === COMPUTE === #

    @api.depends("retention_method", "state", "amount_retained", *RELEASE_FIELDS.values())
    def _compute_can_release_retention(self):
        allowed = self._has_release_rights()
        for contract in self:
            withheld = allowed and contract.retention_method == "withheld" and contract.state in LIVE_STATES
            contract.can_release_retention = withheld and len(contract._get_released_parts()) < len(PARTS)
            contract.can_undo_release = withheld and bool(contract._get_released_parts())

    # === ACTION === #

    def action_release_retention(self):
        """Ask which part is released and when it is due, and show what that comes to."""
        self.ensure_one()
        self._check_release_rights()
        return {
            "name": self.env._("Release Retention"),
            "type": "ir.actions.act_window",
            "res_model": "construction.retention.release",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_contract_id": self.id},
        }

    def action_undo_release(self):
        """Keep back again what was released last.

        :raises AccessError: neither accountant nor sales manager
        :raises UserError: nothing is released, or the client paid it already
        """
        self.ensure_one()
        self._check_release_rights()
        released = self._get_released_parts()
        if not released:
            raise UserError(
                self.env._("No part of the retention of contract %(contract)s is released.", contract=self.name)
            )
        self._undo_release(released[-1])
        return True

    def action_view_retentions(self):
        """What this contract keeps back, invoice by invoice."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("construction_crm.construction_retention_action")
        action["domain"] = [("contract_id", "=", self.id)]
        action["context"] = {"create": False}
        return action

    # === BUSINESS === #

    def _has_release_rights(self):
        user = self.env.user
        return (
            self.env.su
            or user.has_group("account.group_account_invoice")
            or user.has_group("sales_team.group_sale_manager")
        )

    def _check_release_rights(self):
        self.check_access("read")
        if not self._has_release_rights():
            raise AccessError(
                self.env._("Only accountants and sales managers can release a retention. Ask one of them.")
            )

    def _release_retention(self, parts, date=None, date_due=None):
        """Release parts of what is kept back, once each.

        :param parts: of "handover" and "warranty"
        :param date: the day of the release, today when empty
        :param date_due: the day the client is to pay, the day of the release when empty
        :raises UserError: something holds the release
        """
        self.ensure_one()
        self._lock_rows()
        parts = [part for part in parts if not self._get_release_date(part)]
        if not parts:
            return
        self._check_no_holds()
        date = date or fields.Date.context_today(self)
        # reason of sudo: accountants may not write contracts, nor salespeople journal items
        contract = self.sudo()
        lines = contract._get_retention_lines(parts)
        contract.write({**{RELEASE_FIELDS[part]: date for part in parts}, "is_retention_waiting": False})
        lines.filtered(lambda line: not line.reconciled).write({"date_maturity": date_due or date})
        lines.move_id._refresh_construction_money()
        contract._tell_release(parts, lines, date_due or date)

    def _check_no_holds(self):
        holds = self._get_release_holds()
        if holds:
            raise UserError(
                self.env._(
                    "The retention of contract %(contract)s cannot be released:\n%(holds)s",
                    contract=self.name,
                    holds="\n".join(f"- {hold}" for hold in holds),
                )
            )

    def _tell_release(self, parts, lines, date_due):
        """Log the release, and have the invoicing person claim what it makes due."""
        self.ensure_one()
        amount = self._sum_open(lines)
        self.message_post(
            body=self.env._(
                "Retention released: %(parts)s. %(amount)s is due on %(date)s.",
                parts=", ".join(self._get_part_labels(parts)),
                amount=self.currency_id.format(amount),
                date=format_date(self.env, date_due),
            )
        )
        if self.currency_id.compare_amounts(amount, 0.0) > 0:
            self.retention_activity_id = self.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=date_due,
                summary=self.env._("Claim the retention"),
                note=self.currency_id.format(amount),
                user_id=self._get_invoicing_user().id or self.env.uid,
            )

    def _sum_open(self, lines):
        return sum(self._convert_retention(line.move_id, line.amount_residual_currency) for line in lines)

    def _get_part_labels(self, parts):
        """Say when parts are released, in the language of the reader."""
        labels = {HANDOVER: self.env._("the part until handover"), WARRANTY: self.env._("the part until warranty end")}
        return [labels[part] for part in parts]

    def _undo_release(self, part):
        """Keep a part back again.

        :raises UserError: the client paid some of it
        """
        self.ensure_one()
        self._lock_rows()
        # reason of sudo: see `_release_retention`
        contract = self.sudo()
        lines = contract._get_retention_lines([part])
        payments = lines.matched_credit_ids.credit_move_id.move_id.filtered(lambda move: move.move_type != "out_refund")
        if payments:
            raise UserError(
                self.env._(
                    "The release of contract %(contract)s cannot be undone: the client paid with %(payments)s.",
                    contract=self.name,
                    payments=", ".join(payments.mapped("display_name")),
                )
            )
        contract[RELEASE_FIELDS[part]] = False
        contract._move_retention_dates()
        contract.retention_activity_id.unlink()
        lines.move_id._refresh_construction_money()
        contract.message_post(
            body=self.env._(
                "Release undone. Kept back again: %(parts)s.", parts=", ".join(self._get_part_labels([part]))
            )
        )

    def _get_reached_parts(self):
        """The parts whose day has come."""
        self.ensure_one()
        if self.state not in ("completed", "closed"):
            return []
        today = fields.Date.context_today(self)
        over = not self.warranty_months or (self.date_warranty_end and self.date_warranty_end <= today)
        return [HANDOVER, WARRANTY] if over else [HANDOVER]

    def _release_reached_parts(self):
        """Release what can be; what something holds waits, and says why, once."""
        for contract in self.filtered(lambda contract: contract.retention_method == "withheld"):
            parts = [part for part in contract._get_reached_parts() if not contract._get_release_date(part)]
            if not parts:
                continue
            holds = contract._get_release_holds()
            if not holds:
                contract._release_retention(parts)
            elif not contract.is_retention_waiting:
                # reason of sudo: whoever hands the works over need not write contracts
                contract.sudo().is_retention_waiting = True
                contract.sudo().message_post(
                    body=self.env._(
                        "The retention could be released (%(parts)s), but: %(holds)s",
                        parts=", ".join(contract._get_part_labels(parts)),
                        holds=" ".join(holds),
                    )
                )

    # === HOOKS === #

    def _raise_event(self, kind, date=None, **details):
        """Handover releases the first part of the retention, the end of the warranty the rest."""
        result = super()._raise_event(kind, date, **details)
        if kind in ("handover", "warranty_end"):
            self._release_reached_parts()
        return result

    def _undo_event(self, kind, **details):
        """A handover taken back takes its release back, unless the client paid it."""
        result = super()._undo_event(kind, **details)
        if kind == "handover":
            # reason of sudo: who takes a handover back need not write contracts
            for contract in self.sudo():
                for part in reversed(contract._get_released_parts()):
                    contract._undo_release(part)
                contract.is_retention_waiting = False
        return result

    def _get_release_holds(self):
        """Why the retention is not released, one sentence each. Rooms that know more reasons add them."""
        self.ensure_one()
        if not self.retention_hold_reason:
            return []
        return [self.env._("It is held: %(reason)s.", reason=self.retention_hold_reason.rstrip("."))]

    # === CRON === #

    @api.model
    def _cron_release_retention(self):
        """Daily: release what reached the end of its warranty, and keep what is late from looking overdue."""
        today = fields.Date.context_today(self)
        domain = [
            ("retention_method", "=", "withheld"),
            ("state", "in", ("completed", "closed")),
            ("date_warranty_end", "<=", today),
            ("date_released_warranty", "=", False),
            ("is_retention_waiting", "=", False),
        ]
        lines = self.env["account.move.line"].search(
            [
                ("retention_part", "!=", False),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("date_maturity", "<=", today),
            ]
        )
        late = lines.filtered(lambda line: line._is_kept_back()).move_id.contract_id
        contracts = self.search(domain) | late
        self.env["ir.cron"]._commit_progress(remaining=len(contracts))
        # one by one: a release posts and reconciles
        work_off(split_batches(contracts, 1), lambda contract: contract._update_retention())

    def _update_retention(self):
        self._release_reached_parts()
        self._move_retention_dates()
