from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class ConstructionReason(models.TransientModel):
    """Ask why, then take the step of the records in question.

    Only steps that the model itself lists in `_get_reason_steps` are taken, with the rights of the user.
    """

    _name = "construction.reason"
    _description = "Reason for a Step"

    res_model = fields.Char(required=True, readonly=True, export_string_translation=False)
    res_ids = fields.Json(required=True, readonly=True, export_string_translation=False)
    step = fields.Char(required=True, readonly=True, export_string_translation=False)
    hint = fields.Char(compute="_compute_texts", export_string_translation=False)
    placeholder = fields.Char(compute="_compute_texts", export_string_translation=False)
    button = fields.Char(compute="_compute_texts", export_string_translation=False)
    reason = fields.Text(required=True)

    # === COMPUTE === #

    @api.depends_context("lang")
    @api.depends("res_model", "step")
    def _compute_texts(self):
        for wizard in self:
            step = wizard._find_step()
            wizard.hint = step and step.hint
            wizard.placeholder = step and step.placeholder
            wizard.button = step and step.button

    # === ACTION === #

    def action_confirm(self):
        """Take the step; who may not take it is told by the record.

        :raises UserError: the reason is empty
        :raises AccessError: there is no such step
        """
        self.ensure_one()
        reason = (self.reason or "").strip()
        if not reason:
            raise UserError(self.env._("Write the reason: it is kept with the record."))
        step = self._find_step()
        if not step:
            raise AccessError(self.env._("This cannot be done here. Reload the page and try again."))
        records = self.env[self.res_model].browse(self.res_ids)
        records.check_access("read")
        result = getattr(records, step.method)(reason)
        return result if isinstance(result, dict) else {"type": "ir.actions.act_window_close"}

    # === BUSINESS === #

    def _find_step(self):
        """Give the step if the model lists it as one that asks for a reason, else False."""
        self.ensure_one()
        model = self.env.get(self.res_model)
        if not isinstance(model, self.pool["construction.reason.mixin"]):
            return False
        return model._get_reason_steps().get(self.step, False)
