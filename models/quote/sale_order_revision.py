from odoo import fields, models
from odoo.exceptions import LockError, UserError

from ...core.quote import revisions


class SaleOrder(models.Model):
    _inherit = "sale.order"

    revision = fields.Integer(
        readonly=True,
        copy=False,
        help="How often this quote was revised; the first issue is 0.",
    )
    previous_revision_id = fields.Many2one(
        "sale.order",
        string="Revision Of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    superseded_by_id = fields.Many2one(
        "sale.order",
        string="Replaced By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        # Deleting a revision nobody sent makes the one before it valid again.
        ondelete="set null",
    )

    # === ACTION === #

    def action_revise(self):
        """Make the next revision of a sent or declined quote, or open the one it has.

        :return: the action that opens the revision
        :raise UserError: when the quote is still a draft or confirmed already
        """
        self.ensure_one()
        self.check_access("write")
        self._lock_for_revision()
        revision = self.superseded_by_id or self._revise()
        return revision._get_quote_action()

    def action_view_superseded_by(self):
        """Open the revision that replaced this quote."""
        self.ensure_one()
        return self.superseded_by_id._get_quote_action()

    def action_draft(self):
        for order in self._get_construction_quotes():
            if order.date_sent:
                raise UserError(
                    self.env._(
                        "%(quote)s was sent to the customer and stays as sent. Use Revise to make its next revision.",
                        quote=order.name,
                    )
                )
            order._check_previous_free()
        result = super().action_draft()
        for order in self.filtered("previous_revision_id"):
            order.previous_revision_id._set_superseded_by(order)
        return result

    # === BUSINESS === #

    def _lock_for_revision(self):
        """Lock the row, then look: two clicks make one revision."""
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is working on %(quote)s right now. Try again in a moment.",
                    quote=self.name,
                )
            ) from error
        self.invalidate_recordset(["state", "superseded_by_id"])

    def _revise(self):
        self._check_can_revise()
        revision = self.create(self._prepare_revision_values())
        revision._freeze_costs_of(self)
        self._set_superseded_by(revision)
        self.message_post(body=self.env._("Replaced by the revision %(revision)s.", revision=revision._get_html_link()))
        return revision

    def _check_can_revise(self):
        if not self._is_construction_quote():
            raise UserError(self.env._("%(quote)s is not a construction quote: change it as it is.", quote=self.name))
        if self.state == "sale":
            raise UserError(
                self.env._(
                    "%(quote)s is confirmed. Cancel the order before you revise its quote.",
                    quote=self.name,
                )
            )
        if self.state == "draft" and not self.date_sent:
            raise UserError(self.env._("%(quote)s was not sent yet: change it as it is.", quote=self.name))

    def _prepare_revision_values(self):
        """Give the values of the next revision: a copy under the same base number."""
        self.ensure_one()
        revision = self.revision + 1
        return self.copy_data(
            {
                "name": revisions.revision_name(self.name, self.revision, revision),
                "revision": revision,
                "previous_revision_id": self.id,
            }
        )[0]

    def _freeze_costs_of(self, previous):
        """Carry the costs over as they were frozen; today's are for a repriced quote."""
        # sudo: costs and markups belong to the quote even when the person revising may not see them.
        self._take_markups(previous.sudo().markup_ids._prepare_copy_values())
        sources = previous.sudo()._get_copiable_order_lines()
        for source, line in zip(sources, self.sudo().order_line):
            if line.purchase_price != source.purchase_price:
                line.purchase_price = source.purchase_price

    def _set_superseded_by(self, revision):
        """Set the revision that replaces these quotes; an empty one makes them valid again."""
        self._write_life_cycle({"superseded_by_id": revision.id})

    def _check_previous_free(self):
        """Refuse to bring back a revision whose predecessor went another way."""
        previous = self.previous_revision_id
        if previous.state == "sale" or previous.superseded_by_id not in (self, previous.browse()):
            raise UserError(
                self.env._(
                    "%(quote)s cannot come back: %(previous)s has gone another way since.",
                    quote=self.name,
                    previous=previous.name,
                )
            )

    def _get_superseded_message(self):
        self.ensure_one()
        return self.env._(
            "%(quote)s was replaced by %(revision)s and can no longer be accepted.",
            quote=self.name,
            # A customer may hold the link to the old quote only.
            revision=self.sudo().superseded_by_id.name,
        )

    def _get_replacement_portal_url(self):
        """Give the customer's link to the revision that is valid now, once it was sent to him."""
        self.ensure_one()
        revision = self.sudo()  # The customer has the link of the old quote only.
        while revision.superseded_by_id:
            revision = revision.superseded_by_id
        is_his = revision.partner_id.commercial_partner_id == self.partner_id.commercial_partner_id
        return revision.get_portal_url() if is_his and revision.state in ("sent", "sale") else False

    def _get_quote_action(self):
        """Give the action that opens this quote."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Quote"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    # === HOOKS === #

    def _action_cancel(self):
        result = super()._action_cancel()
        # Cancelling a revision restores the one it had replaced.
        for order in self.filtered("previous_revision_id"):
            if order.previous_revision_id.superseded_by_id == order:
                order.previous_revision_id._set_superseded_by(order.browse())
        return result

    def _confirmation_error_message(self):
        if self.superseded_by_id:
            return self._get_superseded_message()
        return super()._confirmation_error_message()

    def _has_to_be_signed(self):
        return not self.superseded_by_id and super()._has_to_be_signed()

    def _has_to_be_paid(self):
        return not self.superseded_by_id and super()._has_to_be_paid()

    def _is_confirmation_amount_reached(self):
        # A payment that was under way while the quote was revised must not confirm it.
        return not self.superseded_by_id and super()._is_confirmation_amount_reached()

    def _can_be_edited_on_portal(self):
        return not self.superseded_by_id and super()._can_be_edited_on_portal()
