from typing import NamedTuple

from odoo import api, models


class ReasonStep(NamedTuple):
    """A step that asks for a reason first."""

    # The method of the record that takes the step, called with the reason: it checks who may.
    method: str
    # Title of the window.
    title: str
    # What the button that takes the step says.
    button: str
    # What the step brings, for whoever is about to take it.
    hint: str = ""
    placeholder: str = ""


class ConstructionReasonMixin(models.AbstractModel):
    """A record with steps for which a reason is asked."""

    _name = "construction.reason.mixin"
    _description = "Steps That Ask for a Reason"

    # === BUSINESS === #

    def _ask_reason(self, step):
        """Open the window that asks for the reason and then takes the step.

        :param str step: a key of `_get_reason_steps`
        :return: the action
        """
        return {
            "type": "ir.actions.act_window",
            "name": self._get_reason_steps()[step].title,
            "res_model": "construction.reason",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_res_model": self._name, "default_res_ids": self.ids, "default_step": step},
        }

    # === HOOKS === #

    @api.model
    def _get_reason_steps(self):
        """The steps that ask for a reason, the only ones the window takes.

        :return: dict of name → ReasonStep
        """
        return {}
