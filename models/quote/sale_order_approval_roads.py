"""No road leads an unapproved quote to the client: not the mail, the link, the signature or a write by RPC."""

from odoo import api, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        for order, vals in zip(orders, vals_list):
            if vals.get("state", "draft") in ("sent", "sale") and order._find_rules_met():
                raise UserError(order._get_unapproved_message())
        return orders

    def write(self, vals):
        if vals.get("state") in ("sent", "sale"):
            self._check_approved()
        return super().write(vals)

    # === ACTION === #

    def action_quotation_send(self):
        self._check_approved()
        return super().action_quotation_send()

    # === BUSINESS === #

    def _lacks_approval(self):
        """Tell whether this quote must not reach the client yet."""
        self.ensure_one()
        if self.state == "cancel":
            return bool(self._get_rules_met() and not self._is_approved())
        if self.state == "sent":
            return False  # The client has it. What he chose of it may wait: see `_lacks_confirmation`.
        return bool(self._get_missing_rules())

    def _check_approved(self):
        """Refuse what would bring these quotes to the client before they are approved."""
        for order in self:
            if order._lacks_approval():
                raise UserError(order._get_unapproved_message())

    def _get_unapproved_message(self):
        self.ensure_one()
        matters = self._get_matters(self._get_missing_rules() or self._find_rules_met())
        if self.approval_state == "refused":
            return self.env._(
                "The approval of %(quote)s was refused: %(matters)s. Change it, then ask for its approval again.",
                quote=self.name,
                matters=matters,
            )
        if self.is_approval_asked:
            return self.env._(
                "%(quote)s waits for its approval: %(matters)s. It can go to the client once it is approved.",
                quote=self.name,
                matters=matters,
            )
        return self.env._(
            "%(quote)s needs an approval before it goes to the client: %(matters)s. Press Request Approval on it.",
            quote=self.name,
            matters=matters,
        )

    # === HOOKS === #

    def _confirmation_error_message(self):
        if self._lacks_approval():
            return self._get_unapproved_message()
        return super()._confirmation_error_message()

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        groups = super()._notify_get_recipients_groups(message, model_description, msg_vals=msg_vals)
        if self and self._lacks_approval():
            # A message to the client about it carries no link to it.
            for name, _condition, options in groups:
                if name in ("portal_customer", "portal", "follower", "customer"):
                    options["has_button_access"] = False
        return groups

    def _get_share_url(self, redirect=False, signup_partner=False, pid=None, share_token=True):
        self._check_approved()
        return super()._get_share_url(
            redirect=redirect, signup_partner=signup_partner, pid=pid, share_token=share_token
        )

    def _get_default_payment_link_values(self):
        self._check_approved()
        return super()._get_default_payment_link_values()

    def _has_to_be_signed(self):
        return super()._has_to_be_signed() and not self._lacks_approval()

    def _has_to_be_paid(self):
        return super()._has_to_be_paid() and not self._lacks_approval()

    def _is_confirmation_amount_reached(self):
        return super()._is_confirmation_amount_reached() and not self._lacks_approval()

    def _can_be_edited_on_portal(self):
        return super()._can_be_edited_on_portal() and not self._lacks_approval()
