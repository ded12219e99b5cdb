"""What the client chooses of a sent quote: a combination nobody approved waits until we confirm it."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..estimate.construction_recipe_cost import COST_GROUP


class SaleOrder(models.Model):
    _inherit = "sale.order"

    choice_rule_ids = fields.Many2many(
        "construction.approval.rule",
        "sale_order_choice_rule_rel",
        string="Choice to Confirm By",
        readonly=True,
        copy=False,
        help="Rules by which the options and alternatives chosen since the quote was sent still need an approval.",
    )
    # How far each approval goes: a choice that is no worse needs no other one.
    approval_measures = fields.Json(readonly=True, copy=False, prefetch=False, groups=COST_GROUP)

    # === CRUD === #

    def write(self, vals):
        if vals.get("state") == "sale":
            for order in self.filtered(lambda order: order._lacks_confirmation()):
                raise UserError(order._get_unconfirmed_message())
        return super().write(vals)

    # === ACTION === #

    def action_approve(self):
        waits = self._lacks_confirmation()
        result = super().action_approve()
        if waits:
            self._tell_choice_confirmed()
        return result

    def action_override(self, reason):
        waits = self._lacks_confirmation()
        result = super().action_override(reason)
        if waits:
            self._tell_choice_confirmed()
        return result

    # === BUSINESS === #

    def _lacks_confirmation(self):
        """Tell whether the client chose a combination that somebody of ours has to confirm first."""
        self.ensure_one()
        return self.state == "sent" and bool(self._get_unconfirmed_rules())

    def _can_be_declined_online(self):
        """Tell whether the client may decline: he could sign, or waits until we confirm what he chose."""
        self.ensure_one()
        waits = self.require_signature and not self.is_expired and not self.superseded_by_id
        return self._has_to_be_signed() or (waits and self._lacks_confirmation())

    def _get_unconfirmed_rules(self):
        """Give the rules by which what was chosen still needs an approval."""
        # sudo: rules hold for everyone, whoever asks.
        rules = self.env["construction.approval.rule"].sudo()
        return self.sudo().choice_rule_ids if rules._get_rule_ids(self.company_id.id) else rules

    def _recheck_choice(self):
        """Look at the rules again after a choice on a sent quote, and ask for the approvals it lacks."""
        for order in self:
            if order.state != "sent" or order.superseded_by_id or not order._is_construction_quote():
                continue
            missing = order._find_rules_of_choice()
            if not missing and not order._get_unconfirmed_rules():
                continue
            # sudo: the client chooses, and the office keeps what has to be confirmed.
            quote = order.sudo()
            asking = order.env.user if order.env.user._is_internal() and not order.env.su else order.user_id
            quote._write_life_cycle(
                {
                    "choice_rule_ids": [Command.set(missing.ids)],
                    "approval_fingerprint": order._get_approval_fingerprint(),
                    "approval_asked_by_id": (asking or quote.create_uid).id,
                    "approval_refused_by_id": False,
                }
            )
            quote._tell_of_choice(missing)

    def _find_rules_of_choice(self):
        """Give the rules met by what is chosen now that no approval covers.

        An approval covers what is no worse than what it was given for. A rule made after sending does not matter.
        """
        quote = self.sudo()  # Rules look at costs, whoever chooses.
        measures = quote.approval_measures or {}
        return self._find_rules_met().filtered(
            lambda rule: (
                rule.create_date <= quote.date_sent
                and (rule not in quote.approved_rule_ids or rule._is_worse_than(quote, measures.get(str(rule.id))))
            )
        )

    def _tell_of_choice(self, missing):
        """Call who has to confirm the choice, and its salesperson; or say that nobody has to any more."""
        self._close_approvals(everyone=True)
        if not missing:
            self.message_post(body=self.env._("What is chosen now needs no confirmation."))
            return
        matters = self._get_matters(missing)
        for user in self._get_other_approvers(missing) | self.user_id:
            self.activity_schedule(
                "construction_crm.mail_activity_type_approval",
                user_id=user.id,
                summary=self.env._("Confirm the combination that was chosen"),
            )
        self.message_post(
            body=self.env._(
                "What was chosen needs an approval before it can be signed: %(matters)s.",
                matters=matters,
            )
        )

    def _tell_choice_confirmed(self):
        """Write to the client, in his language, that what was chosen holds; not before every approval is there."""
        self.ensure_one()
        # sudo: an approver need not have a right on quotes.
        order = self.sudo().with_context(lang=self.sudo().partner_id.lang or self.env.lang)
        if order._lacks_confirmation():
            return
        body = order.env._("We confirm what was chosen on %(quote)s.", quote=order.name)
        if order._has_to_be_signed():
            body = order.env._("We confirm what was chosen on %(quote)s. It can be signed now.", quote=order.name)
        author = order._get_follower_up().partner_id.filtered("email")
        order.message_post(
            body=body,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=order._message_add_default_recipients()[order.id]["partners"].filtered("email").ids,
            # The client knows his salesperson; who approves is our own affair.
            **({"author_id": author.id} if author else {}),
        )

    def _get_unconfirmed_message(self):
        """Say inside the firm why this quote cannot be confirmed yet."""
        return self.env._(
            "The options chosen on %(quote)s need an approval before it is confirmed: %(matters)s.",
            quote=self.name,
            matters=self._get_matters(self._get_unconfirmed_rules()),
        )

    def _get_choice_message(self):
        """Say to the client why he cannot sign yet; never which figure it is about."""
        # sudo: that we said no is what the client is told here; never who did.
        if self.sudo().approval_refused_by_id:
            return self.env._(
                "We cannot confirm this combination of %(quote)s. Choose another one, or ask us for a new offer.",
                quote=self.name,
            )
        return self.env._(
            "We will confirm this combination. You can sign %(quote)s as soon as we have, or choose another one now.",
            quote=self.name,
        )

    # === HOOKS === #

    def _confirmation_error_message(self):
        if self._lacks_confirmation():
            return self._get_unconfirmed_message()
        return super()._confirmation_error_message()

    def _get_default_payment_link_values(self):
        for order in self.filtered(lambda order: order._lacks_confirmation()):
            raise UserError(order._get_unconfirmed_message())
        return super()._get_default_payment_link_values()

    def _has_to_be_signed(self):
        return super()._has_to_be_signed() and not self._lacks_confirmation()

    def _has_to_be_paid(self):
        return super()._has_to_be_paid() and not self._lacks_confirmation()

    def _is_confirmation_amount_reached(self):
        return super()._is_confirmation_amount_reached() and not self._lacks_confirmation()
