from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from .construction_reason_mixin import ReasonStep
from .row_lock import take


class ConstructionBond(models.Model):
    """The way of a bond: requested, active, returned or called."""

    _inherit = "construction.bond"

    # === ACTION === #

    def action_activate(self):
        """The bank has issued these bonds. Those active already stay as they are.

        :raises UserError: one is closed, or not complete
        """
        self.check_access("write")
        take(self)
        self._check_state(("requested", "active"))
        bonds = self.filtered(lambda bond: bond.state == "requested")
        for bond in bonds:
            missing = bond._get_missing_labels()
            if missing:
                raise UserError(
                    self.env._(
                        "Before %(bond)s of %(deal)s is active, fill in: %(fields)s.",
                        bond=bond.display_name,
                        deal=bond._get_subject_name(),
                        fields=", ".join(missing),
                    )
                )
        bonds.write({"state": "active"})
        return True

    def action_extend(self):
        """Ask until when these bonds are valid now."""
        return self._ask_act("extend", self.env._("Extend"))

    def action_return(self):
        """Ask when these bonds were returned."""
        return self._ask_act("return", self.env._("Mark as Returned"))

    def action_ask_call(self):
        """Ask why the client draws on these bonds."""
        return self._ask_reason("call")

    def action_cancel(self):
        """These bonds are not needed after all, or the bank refused them.

        :raises UserError: one was issued
        """
        self.check_access("write")
        take(self)
        self._check_state(("requested", "cancelled"))
        self.filtered(lambda bond: bond.state == "requested").write({"state": "cancelled"})
        return True

    def action_reset(self):
        """Set bonds back to Requested: what was entered by mistake can be corrected then."""
        self.check_access("write")
        take(self)
        self.filtered(lambda bond: bond.state != "requested").write({"state": "requested"})
        return True

    # === BUSINESS === #

    def _extend(self, date_expiry, note=None):
        """Give these active bonds a later day of expiry, and log it.

        :raises UserError: one is not active, or would not be valid for longer
        """
        self.check_access("write")
        take(self)
        self._check_state(("active",))
        for bond in self:
            before = bond.date_expiry
            if date_expiry <= before:
                raise UserError(
                    self.env._(
                        "%(bond)s is valid until %(date)s already: choose a later day.",
                        bond=bond.display_name,
                        date=format_date(self.env, before),
                    )
                )
            bond.date_expiry = date_expiry
            bond._log_act(
                self.env._(
                    "Extended from %(before)s to %(after)s.",
                    before=format_date(self.env, before),
                    after=format_date(self.env, date_expiry),
                ),
                note,
            )

    def _return(self, date_returned, note=None):
        """These bonds came back. Those returned before stay as they are.

        :raises UserError: one was never active
        """
        self.check_access("write")
        take(self)
        self._check_state(("active", "called", "returned"))
        for bond in self.filtered(lambda bond: bond.state != "returned"):
            bond.write({"state": "returned", "date_returned": date_returned})
            if note:
                bond._log_act(self.env._("Returned on %(date)s.", date=format_date(self.env, date_returned)), note)

    def _call(self, reason):
        """The client draws on these bonds: why is kept in their history.

        :raises UserError: one is not active
        """
        self.check_access("write")
        take(self)
        self._check_state(("active", "called"))
        for bond in self.filtered(lambda bond: bond.state == "active"):
            bond.state = "called"
            bond._log_act(self.env._("The client has drawn on the bond."), reason)

    def _check_state(self, states):
        """Refuse a step where one of these bonds is in another state."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        for bond in self:
            if bond.state not in states:
                raise UserError(
                    self.env._(
                        "%(bond)s is “%(state)s”: this step is not open to it.",
                        bond=bond.display_name,
                        state=labels[bond.state],
                    )
                )

    def _ask_act(self, act, title):
        self.check_access("write")
        self._check_state(("active",) if act == "extend" else ("active", "called"))
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "construction.bond.act",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_bond_ids": self.ids, "default_act": act},
        }

    def _log_act(self, sentence, note):
        """Write a step, and what was said about it, into the history."""
        self.message_post(body="\n".join(filter(None, [sentence, note])))

    # === HOOKS === #

    @api.model
    def _get_reason_steps(self):
        call = ReasonStep(
            method="_call",
            title=self.env._("Bond Called"),
            button=self.env._("Confirm"),
            hint=self.env._("The client has drawn on the bond. Write down what for and how much."),
            placeholder=self.env._("What does the client claim?"),
        )
        return {**super()._get_reason_steps(), "call": call}
