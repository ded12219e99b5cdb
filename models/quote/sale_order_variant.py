"""Variants of a quote (economy, premium): choosing one closes the others, and all of it can be undone."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

LIVE_STATES = ("draft", "sent")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    variant_name = fields.Char(
        string="Variant",
        copy=False,
        help="What this quote is called beside the other variants of the same job, such as Economy or Premium.",
    )
    variant_of_id = fields.Many2one(
        "sale.order",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The quote this one is a variant of.",
    )
    variant_count = fields.Integer(string="Variants", compute="_compute_variant_count")
    closed_by_id = fields.Many2one(
        "sale.order",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The order that was confirmed instead of this quote. Cancelling it opens this quote again.",
    )
    state_before_closed = fields.Char(readonly=True, copy=False, export_string_translation=False)

    # === COMPUTE === #

    @api.depends("variant_of_id", "variant_name")
    def _compute_variant_count(self):
        for order in self:
            # Whoever has variants has a name among them: all others need no look.
            variants = order.variant_name and order._is_construction_quote() and order._get_variants()
            order.variant_count = len(variants) if variants and len(variants) > 1 else 0

    # === ACTION === #

    def action_ask_variant(self):
        """Ask the name of a new variant of this quote."""
        self.ensure_one()
        self.check_access("write")
        self._check_can_vary()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Variant of %(quote)s", quote=self.name),
            "res_model": "construction.quote.variant",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.id, "default_own_name": self.variant_name},
        }

    def action_make_variant(self, name, own_name=None):
        """Copy this quote as another variant of the same job; both stay open until one is chosen.

        :param str name: what the new variant is called
        :param str own_name: what this one is called beside it, where it has no name yet
        :return: the action that opens the new variant
        :raise UserError: when the quote is confirmed or of no construction deal, or a name is missing
        """
        self.ensure_one()
        self.check_access("write")
        return self._make_variant(name, own_name)._get_quote_action()

    def action_view_variants(self):
        """Open the variants of this quote, each in the issue that holds."""
        self.ensure_one()
        action = self._get_variants()._get_records_action(name=self.env._("Variants"))
        view = self.env.ref("construction_crm.sale_order_view_list_variants")
        return {
            **action,
            "view_mode": "list,form",
            "views": [(view.id, "list"), (False, "form")],
            "res_id": False,
            "context": {**self.env.context, "create": False},
        }

    def action_draft(self):
        result = super().action_draft()
        self.filtered("closed_by_id")._write_life_cycle({"closed_by_id": False, "state_before_closed": False})
        return result

    # === BUSINESS === #

    def _get_variant_roots(self):
        """Give the quotes all variants and issues of these go back to."""
        roots = self.browse()
        for order in self:
            roots |= order.variant_of_id or order.original_id or order
        return roots

    def _get_family(self):
        """Give all variants of these quotes in all their issues."""
        roots = self._get_variant_roots()
        domain = (
            Domain("id", "in", roots.ids)
            | Domain("original_id", "in", roots.ids)
            | Domain("variant_of_id", "in", roots.ids)
        )
        return self.search(domain, order="id")

    def _get_variants(self):
        """Give each variant of this quote in its latest issue that was not replaced."""
        family = self._get_family()
        held = family.filtered(lambda order: not order.superseded_by_id)
        latest = {(order.original_id or order).id: order for order in held if order.state != "cancel"}
        closed = {(order.original_id or order).id: order for order in held}
        return self.browse(order.id for order in {**closed, **latest}.values())

    def _check_can_vary(self):
        if not self._is_construction_quote():
            raise UserError(self.env._("%(quote)s is not a construction quote: duplicate it instead.", quote=self.name))
        if self.state == "sale":
            raise UserError(self.env._("%(quote)s is confirmed: there is nothing left to choose.", quote=self.name))

    def _make_variant(self, name, own_name=None):
        self._check_can_vary()
        name = (name or "").strip()
        own_name = (own_name or self.variant_name or "").strip()
        if not name or not own_name:
            raise UserError(self.env._("Give both variants a name, so that the client can tell them apart."))
        family = self.sudo()._get_family()  # sudo: a name is taken, whoever made the variant
        taken = set(family.mapped("variant_name")) | {own_name}
        if name in taken:
            raise UserError(self.env._("There is a variant “%(name)s” already: give this one another name.", name=name))
        variant = self._copy_whole({"commitment_date": self.commitment_date, "variant_name": name})
        variant._write_life_cycle({"variant_of_id": self._get_variant_roots().id})
        if self.variant_name != own_name:
            self.variant_name = own_name
        variant.message_post(body=self.env._("Variant of %(quote)s.", quote=self._get_html_link()))
        return variant

    # === CHOOSING === #

    def _get_family_of_each(self):
        """Give each of these quotes with its family, by one search."""
        families = {}
        for order in self._get_family():
            root = order._get_variant_roots()
            families[root] = families.get(root, root.browse()) | order
        return [(order, families[order._get_variant_roots()]) for order in self]

    def _check_only_choice(self):
        """Refuse to confirm two variants of a job, or a second issue of a quote."""
        # sudo: a job is given once, whoever made the quotes.
        for order, family in self.sudo()._get_family_of_each():
            for other in family - order:
                if other.state == "sale" or other in self:
                    raise UserError(
                        order.env._(
                            "%(quote)s and %(other)s are offers for the same job: only one of them can be confirmed.",
                            quote=order.name,
                            other=other.name,
                        )
                    )

    def _close_others(self):
        """Close the offers that were open beside these confirmed orders."""
        # sudo: the choice is the client's, whoever made the other quotes.
        for order, family in self.sudo()._get_family_of_each():
            for other in family - order:
                if other.state in LIVE_STATES and not other.superseded_by_id:
                    other._write_life_cycle({"closed_by_id": order.id, "state_before_closed": other.state})
                    other._action_cancel()
                    other.message_post(body=other._get_closed_message(order))

    def _is_issue_of(self, order):
        return (self.original_id or self) == (order.original_id or order)

    def _get_closed_message(self, order):
        link = order._get_html_link()
        if self._is_issue_of(order):
            return self.env._("Closed: %(quote)s was confirmed while this revision was open.", quote=link)
        return self.env._("Closed: another variant was chosen, %(quote)s.", quote=link)

    def _reopen_others(self):
        """Open again what these orders had closed, as it stood."""
        # sudo: the choice was the client's, whoever made the other quotes.
        for other in self.sudo().search([("closed_by_id", "in", self.ids)], order="id"):
            values = {"closed_by_id": False, "state_before_closed": False}
            if other.state == "cancel" and not other.superseded_by_id:
                values["state"] = other.state_before_closed
            order = other.closed_by_id
            other._write_life_cycle(values)
            other.message_post(
                body=self.env._("Open again: the order %(order)s was cancelled.", order=order._get_html_link())
            )

    # === HOOKS === #

    def _prepare_revision_values(self):
        return {**super()._prepare_revision_values(), "variant_name": self.variant_name}

    def _prepare_revision_life_cycle(self, reason=None):
        return {**super()._prepare_revision_life_cycle(reason), "variant_of_id": self.variant_of_id.id}

    def _confirmation_error_message(self):
        # sudo: the choice was the client's, whoever made the other quote.
        chosen = self.sudo().closed_by_id
        if chosen and self.state == "cancel":
            return self.env._(
                "%(quote)s is closed: %(chosen)s, another offer for the same job, was confirmed.",
                quote=self.name,
                chosen=chosen.name,
            )
        return super()._confirmation_error_message()

    def write(self, vals):
        if vals.get("state") == "sale":
            self._get_construction_quotes()._check_only_choice()
        return super().write(vals)

    def _action_confirm(self):
        result = super()._action_confirm()
        self._get_construction_quotes()._close_others()
        return result

    def _action_cancel(self):
        confirmed = self.filtered(lambda order: order.state == "sale")._get_construction_quotes()
        result = super()._action_cancel()
        if confirmed:
            confirmed._reopen_others()
        return result

    def _give_back(self):
        # A variant that was closed gives nothing back: its older issues are not chosen either.
        return super(SaleOrder, self.filtered(lambda order: not order.closed_by_id))._give_back()
