from odoo import api, models
from odoo.exceptions import UserError

from .construction_instalment import BILLED_STATES

HANDED_OVER_STATES = ("completed", "closed")


class ConstructionContract(models.Model):
    """What happens to a contract makes instalments due; undoing it takes that back."""

    _inherit = "construction.contract"

    # === COMPUTE === #

    @api.depends("instalment_ids.delivery_id", "warranty_months")
    def _compute_missing_data(self):
        return super()._compute_missing_data()

    # === CRUD === #

    def write(self, vals):
        handed_over = self.filtered(lambda contract: contract.state in HANDED_OVER_STATES)
        if "state" in vals and vals["state"] not in HANDED_OVER_STATES:
            handed_over._undo_event("handover")
        res = super().write(vals)
        if "state" in vals or "date_end" in vals:
            for contract in self.filtered(lambda contract: contract.state in HANDED_OVER_STATES):
                contract._raise_event("handover", contract.date_end)
                if "date_end" in vals and contract in handed_over:
                    contract._move_event("handover", contract.date_end)
        if {"date_start", "date_end", "warranty_months"} & vals.keys():
            self.instalment_ids._follow_due()
        return res

    def copy(self, default=None):
        """A copy waits for its own deliveries."""
        copies = super().copy(default)
        for contract, copied in zip(self, copies, strict=True):
            deliveries = dict(zip(contract.delivery_ids.sorted("id"), copied.delivery_ids.sorted("id"), strict=False))
            rows = zip(contract.instalment_ids.sorted("id"), copied.instalment_ids.sorted("id"), strict=False)
            for row, copied_row in rows:
                if row.delivery_id:
                    copied_row.delivery_id = deliveries.get(row.delivery_id)
        return copies

    # === ACTION === #

    def action_sign(self):
        res = super().action_sign()
        self.instalment_ids._catch_up()
        return res

    def action_reopen(self):
        """The works go on after all: the handover is undone with all it made due.

        :raises UserError: the works are not handed over, or what the handover made due is invoiced
        """
        for contract in self:
            if contract.state != "completed":
                raise UserError(
                    self.env._(
                        "Contract %(contract)s cannot be reopened: its works are not completed.", contract=contract.name
                    )
                )
        self._write_step({"state": "running"})
        return True

    # === BUSINESS === #

    def _get_missing_data(self):
        missing = super()._get_missing_data()
        return missing + [detail for row in self.instalment_ids if (detail := row._get_missing_detail())]

    def _undo_event(self, kind, **details):
        """Undo `_raise_event`, unless an instalment it made due is invoiced.

        :param str kind, details: as for `_raise_event`
        :return: the instalments that wait again
        :raises UserError: naming the instalment whose invoice is in the way
        """
        # reason of sudo: who takes a stage back may have no rights on plans
        for row in self.sudo().instalment_ids:
            fired = row.trigger == kind and row.date_event and row._matches_event(kind, **details)
            if fired and row.state in BILLED_STATES:
                raise UserError(
                    self.env._(
                        "“%(event)s” cannot be undone: instalment “%(name)s” of contract %(contract)s, which it made "
                        "due, is invoiced. Cancel that invoice first.",
                        event=row._describe_event(),
                        name=row.name,
                        contract=row.contract_id.name,
                    )
                )
        return self._revoke_event(kind, **details)

    def _move_event(self, kind, date, **details):
        """The event happened on another day than told before: rows not invoiced follow."""
        # reason of sudo: as in `_raise_event`
        rows = self.sudo().instalment_ids.filtered(
            lambda row: row.trigger == kind and row.date_event and row._matches_event(kind, **details)
        )
        rows.filtered(lambda row: row.state not in BILLED_STATES and row.date_event != date)._fire(date)
