"""What was sent stays as sent."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

# Set by the life cycle of a quote, never by a person.
LIFE_CYCLE_FIELDS = frozenset(
    {
        "date_sent",
        "sent_attachment_ids",
        "revision",
        "original_id",
        "previous_revision_id",
        "superseded_by_id",
        "revision_reason",
        "variant_of_id",
        "closed_by_id",
        "state_before_closed",
        "approval_asked_by_id",
        "approval_fingerprint",
        "approved_rule_ids",
        "approval_refused_by_id",
        "approval_measures",
        "choice_rule_ids",
        "decline_reason_id",
        "decline_note",
        "date_reminded",
        "date_expired",
    }
)
# What the customer was offered. Lines guard themselves.
OFFER_FIELDS = frozenset(
    {
        "name",
        "company_id",
        "partner_id",
        "partner_invoice_id",
        "partner_shipping_id",
        "pricelist_id",
        "fiscal_position_id",
        "payment_term_id",
        "sale_order_template_id",
        "evaluation_id",
        "extra_evaluation_ids",
        "opportunity_id",
        "presentation",
        "print_photos",
        "print_summary",
        "note",
        "validity_date",
        "commitment_date",
        "date_order",
        # Computed, and yet a plain write by RPC would set them.
        "currency_id",
        "currency_rate",
        "amount_untaxed",
        "amount_tax",
        "amount_total",
    }
)
# What an order goes on to need once it is confirmed: stock's own business.
OPEN_WHEN_CONFIRMED = frozenset(
    {
        "partner_invoice_id",
        "partner_shipping_id",
        "payment_term_id",
        "fiscal_position_id",
        "opportunity_id",
        "note",
        "validity_date",
        "commitment_date",
        "date_order",
    }
)


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "construction.kept.print"]
    _kept_report = "sale.action_report_saleorder"
    _kept_field = "sent_attachment_ids"

    date_sent = fields.Datetime(
        string="Sent On",
        readonly=True,
        copy=False,
        help="When this quote was first sent to the client. From then on it is read-only.",
    )
    sent_attachment_ids = fields.Many2many(
        "ir.attachment",
        "sale_order_sent_attachment_rel",
        string="As Sent",
        readonly=True,
        copy=False,
        help="The very documents the client got. They cannot be changed or deleted.",
    )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if any(vals.get(name) for name in LIFE_CYCLE_FIELDS):
                raise UserError(self._get_life_cycle_message())
        return super().create(vals_list)

    def write(self, vals):
        self._check_not_sent(vals)
        result = super().write(vals)
        if vals.get("state") == "sent":
            unsent = self.filtered(lambda order: not order.date_sent)._get_construction_quotes()
            unsent._write_life_cycle({"date_sent": fields.Datetime.now()})
        return result

    def _write_life_cycle(self, vals):
        """Write fields of the life cycle: past our own guard, which knows no other road to them."""
        return super().write(vals) if self else True  # pylint: disable=super-method-mismatch

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        for order in self:
            if order.date_sent and order._is_construction_quote():
                raise UserError(
                    self.env._(
                        "%(quote)s was sent to the client and is kept with its deal.",
                        quote=order.name,
                    )
                )

    # === ACTION === #

    def action_quotation_sent(self):
        """Marked as sent by hand, a quote keeps its document just as one sent by mail."""
        result = super().action_quotation_sent()
        self._get_construction_quotes()._keep_print()
        return result

    # === BUSINESS === #

    def _is_read_only_offer(self):
        """Tell whether the commercial content of this quote must stay as it is."""
        self.ensure_one()
        # What was sent never returns to draft: a draft needs no further look.
        if self.state == "draft" or not (self.date_sent or self.state in ("sent", "sale")):
            return False
        return self._is_construction_quote()

    def _check_not_sent(self, vals):
        """Refuse changes of what the customer was offered."""
        guarded = (OFFER_FIELDS | LIFE_CYCLE_FIELDS).intersection(vals)
        state = vals.get("state")
        if not guarded and state not in ("draft", "sale"):
            return
        for order in self:
            if state == "draft" and order.date_sent and order._is_construction_quote():
                raise UserError(order._get_read_only_message())
            changed = {name for name in guarded if order._is_changed_by(name, vals[name])}
            if state == "sale":
                changed.discard("date_order")
            if changed & LIFE_CYCLE_FIELDS:
                raise UserError(order._get_life_cycle_message())
            if order.state == "sale":
                changed -= OPEN_WHEN_CONFIRMED
            if changed and order._is_read_only_offer():
                raise UserError(order._get_read_only_message(changed))

    def _get_life_cycle_message(self):
        return self.env._(
            "Revisions, variants and approvals are made with their buttons on the quote, not by hand or by import."
        )

    def _get_read_only_message(self, names=()):
        self.ensure_one()
        message = self.env._(
            "%(quote)s was sent to the client and can no longer be changed. Use Revise to make its next revision.",
            quote=self.name,
        )
        if self.state == "sale":
            message = self.env._(
                "%(quote)s is confirmed: what the client signed can no longer be changed.",
                quote=self.name,
            )
        labels = sorted(self._fields[name]._description_string(self.env) for name in names)
        return f"{message}\n{', '.join(labels)}" if labels else message

    def _is_changed_by(self, name, value):
        """Tell whether writing this value would change the field."""
        field = self._fields[name]
        if field.type in ("one2many", "many2many"):
            return set(field.convert_to_cache(value, self)) != set(self[name]._ids)
        return field.convert_to_cache(value, self) != field.convert_to_cache(self[name], self)

    # === HOOKS === #

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        # The very PDF that went out with the mail is kept.
        if self.env.context.get("mark_so_as_sent") and message.attachment_ids:
            self._get_construction_quotes()._set_kept_print(message.attachment_ids)
        return result

    def _get_kept_print_name(self):
        return f"{self.type_name} - {self.name}"

    def _set_kept_print(self, document):
        # sudo: the salesperson sends, nobody writes the list by hand.
        self.sudo()._write_life_cycle({"sent_attachment_ids": [Command.link(file.id) for file in document]})

    def _get_kept_print_message(self):
        return self.env._("This document was sent to the client with %(quote)s and is kept as it was.", quote=self.name)
