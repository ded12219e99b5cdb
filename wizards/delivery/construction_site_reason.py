from odoo import fields, models
from odoo.exceptions import UserError

STEPS = {
    "construction.diary": {"correct": "_correct"},
    "construction.snag": {"reject": "_reject", "cancel": "_cancel"},
    "construction.handover": {"withdraw": "_withdraw", "cancel": "_cancel"},
}


class ConstructionSiteReason(models.TransientModel):
    """Ask why, before a step on site is taken back."""

    _name = "construction.site.reason"
    _description = "Reason for a Step on Site"

    diary_ids = fields.Many2many("construction.diary")
    snag_ids = fields.Many2many("construction.snag")
    handover_ids = fields.Many2many("construction.handover")
    step = fields.Selection(
        [
            ("correct", "Open for Correction"),
            ("reject", "Not Put Right Yet"),
            ("cancel", "Cancel"),
            ("withdraw", "Undo Signing"),
        ],
        required=True,
        readonly=True,
    )
    reason = fields.Text(required=True)

    def _ask(self, records, step, title):
        """Open this wizard for a step of these records.

        :param str step: a value of the field
        :param str title: of the window
        """
        names = {
            "construction.diary": "diary_ids",
            "construction.snag": "snag_ids",
            "construction.handover": "handover_ids",
        }
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {f"default_{names[records._name]}": records.ids, "default_step": step},
        }

    def action_confirm(self):
        """Take the step; who may not take it is told by the record."""
        self.ensure_one()
        reason = (self.reason or "").strip()
        if not reason:
            raise UserError(self.env._("Write the reason: it is kept with the record."))
        for records in (self.diary_ids, self.snag_ids, self.handover_ids):
            method = STEPS[records._name].get(self.step)
            if records and method:
                getattr(records, method)(reason)
        return True
