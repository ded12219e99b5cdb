"""A revision takes the place of the issue before it when it is sent, and gives it back when it is cancelled."""

from odoo import models
from odoo.exceptions import UserError

from ...core.quote import revisions


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # === CRUD === #

    def write(self, vals):
        state = vals.get("state")
        if state not in ("sent", "sale"):
            return super().write(vals)
        taking_over = self.filtered(lambda order: order.previous_revision_id and order.state in ("draft", "cancel"))
        self._check_not_superseded()
        taking_over._check_can_take_over()
        if state == "sent":
            taking_over._settle_number()
        result = super().write(vals)
        taking_over._take_over()
        return result

    # === ACTION === #

    def action_quotation_send(self):
        # The number stands in the mail and in its document.
        self._get_unsent_revisions()._settle_number()
        return super().action_quotation_send()

    # === BUSINESS === #

    def _get_unsent_revisions(self):
        return self.filtered(
            lambda order: order.state == "draft" and order.previous_revision_id and not order.date_sent
        )

    def _check_not_superseded(self):
        for order in self:
            if order.superseded_by_id:
                raise UserError(order._get_superseded_message())

    def _check_can_take_over(self):
        """Lock the issues before, so that nobody signs one while its revision is sent."""
        # sudo: an issue is followed by its revision, whoever made it.
        previous = self.sudo().previous_revision_id
        if previous:
            previous._lock_for_revision()
        for order in self:
            order._check_previous_free()

    def _settle_number(self):
        """Number revisions by what they change: a number for another offer, a letter for other words.

        :raise UserError: when a revision says nothing new and the issue before it still holds
        """
        for order in self:
            # sudo: an issue is followed by its revision, whoever made it.
            previous = order.previous_revision_id.sudo()
            if order._get_offer_fingerprint() != previous._get_offer_fingerprint():
                number, correction = order.revision, 0
                if number <= previous.revision:
                    number = order._get_next_number()
            else:
                order._check_says_something_new(previous)
                number = previous.revision
                issues = order.sudo()._get_issues() - order  # sudo: numbers go on, whoever made the issues
                correction = len(issues.filtered(lambda issue: issue.date_sent and issue.revision == number))  # noqa: B023
            base = (order.original_id or previous).name
            name = revisions.issue_name(base, number, correction)
            if (order.name, order.revision) != (name, number):
                order._write_life_cycle({"name": name, "revision": number})

    def _check_says_something_new(self, previous):
        if previous.state != "sent" or previous.is_expired:
            return  # What was declined or has expired is offered again.
        if self._get_words_fingerprint() == previous._get_words_fingerprint():
            raise UserError(
                self.env._(
                    "%(revision)s offers the same as %(quote)s, which still holds: no item, quantity, price, "
                    "discount, term or text was changed. Send %(quote)s again, or cancel this revision.",
                    revision=self.name,
                    quote=previous.name,
                )
            )

    def _take_over(self):
        """Supersede the issues before these revisions."""
        for order in self:
            # sudo: an issue is followed by its revision, whoever made it.
            previous = issue = order.sudo().previous_revision_id
            while issue:
                if not issue.superseded_by_id:
                    issue._set_superseded_by(order)
                issue = issue.previous_revision_id
            previous.message_post(
                body=self.env._("Replaced by the revision %(revision)s.", revision=order._get_html_link())
            )

    def _set_superseded_by(self, revision):
        """Set the revision that replaces these quotes; an empty one makes them valid again."""
        self._write_life_cycle({"superseded_by_id": revision.id})

    def _get_superseded_message(self):
        self.ensure_one()
        return self.env._(
            "%(quote)s was replaced by %(revision)s and can no longer be accepted.",
            quote=self.name,
            # A customer may hold the link to the old quote only.
            revision=self.sudo().superseded_by_id.name,
        )

    def _get_current_issue(self):
        """Give the issue that took the place of this one in the end; itself while it holds."""
        self.ensure_one()
        issue = self
        while issue.superseded_by_id:
            issue = issue.superseded_by_id
        return issue

    def _get_replacement_portal_url(self, query_string=None):
        """Give the customer's link to the revision that is valid now, once it was sent to him."""
        self.ensure_one()
        revision = self.sudo()._get_current_issue()  # The customer has the link of the old quote only.
        is_his = revision.partner_id.commercial_partner_id == self.partner_id.commercial_partner_id
        if not is_his or revision == self or revision.state not in ("sent", "sale"):
            return False
        return revision.get_portal_url(query_string=query_string)

    # === HOOKS === #

    def _action_cancel(self):
        result = super()._action_cancel()
        self._give_back()
        return result

    def _give_back(self):
        """Cancelling a revision restores the ones it had replaced."""
        revised = self.filtered("previous_revision_id")
        if revised:
            # sudo: an issue holds again, whoever made it.
            self.sudo().search([("superseded_by_id", "in", revised.ids)])._set_superseded_by(self.browse())

    def _confirmation_error_message(self):
        if self.superseded_by_id:
            return self._get_superseded_message()
        return super()._confirmation_error_message()

    def _prepare_invoice(self):
        # All roads to an invoice meet here, that of a down payment too.
        self._check_not_superseded()
        return super()._prepare_invoice()

    def _has_to_be_signed(self):
        return not self.superseded_by_id and super()._has_to_be_signed()

    def _has_to_be_paid(self):
        return not self.superseded_by_id and super()._has_to_be_paid()

    def _is_confirmation_amount_reached(self):
        # A payment that was under way while the quote was revised must not confirm it.
        return not self.superseded_by_id and super()._is_confirmation_amount_reached()

    def _can_be_edited_on_portal(self):
        return not self.superseded_by_id and super()._can_be_edited_on_portal()
