"""Why quotes are declined: asked of the client in the portal, and of the office when it cancels what was sent."""

from odoo import fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    _inherit = "sale.order"

    decline_reason_id = fields.Many2one(
        "crm.lost.reason",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Why the client declined this quote.",
    )
    decline_note = fields.Text(
        readonly=True,
        copy=False,
        help="What was said about it.",
    )

    # === ACTION === #

    def action_ask_decline(self):
        """Ask why the client declined this quote.

        :return: the action that asks
        :raise UserError: when the quote is not open any more
        """
        self.ensure_one()
        self.check_access("write")
        self._check_can_decline()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel %(quote)s", quote=self.name),
            "res_model": "construction.quote.decline",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.id},
        }

    # === BUSINESS === #

    def _check_can_decline(self):
        self.ensure_one()
        if self.state not in ("draft", "sent"):
            raise UserError(
                self.env._("%(quote)s is not open any more: reload the page to see what became of it.", quote=self.name)
            )

    def _decline(self, reason, note=None, author=None):
        """Cancel this quote because the client declined it, and keep the reason; its deal stays open.

        :param reason: the `crm.lost.reason`
        :param str note: what was said about it
        :param author: the partner who declined; the current user when left out
        :raise UserError: when somebody was quicker
        """
        self.ensure_one()
        self._lock_for_revision()
        self._check_can_decline()
        self._write_life_cycle({"decline_reason_id": reason.id, "decline_note": (note or "").strip() or False})
        self._action_cancel()
        self._tell_declined(author)
        # sudo: a client declines in the portal; his history is the office's
        self.sudo().opportunity_id._log_declined(self.sudo())

    def _tell_declined(self, author=None):
        """Post the reason in the salesperson's words, and have him look into it unless he did it himself."""
        salesperson = self._get_follower_up()
        # The client's language is that of his portal; the office reads this.
        order = self.with_context(lang=salesperson.lang or self.company_id.partner_id.lang or self.env.lang)
        reason = order.decline_reason_id.name or ""
        body = order.env._("Declined: %(reason)s", reason=reason)
        if not reason:
            body = order.env._("Declined: %(note)s", note=self.decline_note)
        elif self.decline_note:
            body = order.env._("Declined: %(reason)s – %(note)s", reason=reason, note=self.decline_note)
        values = {"author_id": author.id} if author else {}
        order.message_post(body=body, message_type="comment", subtype_xmlid="mail.mt_comment", **values)
        if salesperson and salesperson != self.env.user:
            # sudo: whoever declines need not have a right on the activities of others.
            order.sudo().activity_schedule(
                "construction_crm.mail_activity_type_declined", user_id=salesperson.id, note=reason
            )

    def _get_follower_up(self):
        """Give who looks after this quote: its salesperson, or whoever leads the team."""
        # sudo: a client does not see who leads the team.
        order = self.sudo()
        return order.user_id or order.team_id.user_id
