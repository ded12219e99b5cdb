"""Optional and alternative chapters: offered at their price, in the total only once chosen."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...core.quote import chapters
from ..pipeline.row_lock import touch

CHOICES = [("optional", "Option"), ("alternative", "Alternative")]


class SaleOrder(models.Model):
    _inherit = "sale.order"

    has_choices = fields.Boolean(compute="_compute_has_choices", export_string_translation=False)

    @api.depends("order_line.chapter_choice")
    def _compute_has_choices(self):
        for order in self:
            order.has_choices = any(order.order_line.mapped("chapter_choice"))

    def action_confirm(self):
        self._get_construction_quotes()._check_alternatives_chosen()
        return super().action_confirm()

    def _check_alternatives_chosen(self):
        """Refuse an order that holds none of several alternatives."""
        for order in self:
            alternatives = order.order_line.filtered(lambda line: line.chapter_choice == "alternative")
            for group, rivals in alternatives.grouped("alternative_group").items():
                if not any(rivals.mapped("is_chosen")):
                    raise UserError(
                        self.env._(
                            "Choose one of the alternatives %(group)s of %(quote)s first: %(chapters)s.",
                            group=group,
                            quote=order.name,
                            chapters=", ".join(rivals.mapped("name")),
                        )
                    )

    def _can_choose_chapters(self):
        """Tell whether the customer may still choose: the quote is sent, valid and not accepted."""
        self.ensure_one()
        return self.state == "sent" and self._can_be_edited_on_portal()

    def _get_order_lines_to_report(self):
        lines = super()._get_order_lines_to_report()
        if self.order_line.chapter_uom_id:
            # Units of chapters and of lines in one query.
            (self.order_line.chapter_uom_id | self.order_line.product_uom_id).fetch(["name"])
        # Of what is not chosen the customer sees the chapter and its price.
        return lines.filtered(lambda line: line.display_type == "line_section" or line._get_chapter_is_chosen())


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    chapter_choice = fields.Selection(
        CHOICES,
        string="Offered As",
        help="Empty: part of the works. Option: the client may take it. Alternative: the client takes one of several.",
    )
    alternative_group = fields.Char(
        string="Alternatives",
        help="Chapters with the same name here are alternatives: only one of them can be chosen.",
    )
    is_chosen = fields.Boolean(
        string="Chosen",
        default=True,
        help="An option or alternative counts in the total when it is chosen.",
    )
    offered_quantity = fields.Float(
        digits="Product Unit",
        readonly=True,
        help="The quantity of the line once its chapter is chosen.",
    )
    chapter_offered_subtotal = fields.Monetary(
        string="Offered At",
        compute="_compute_chapter_offered_subtotal",
        help="What an option or alternative that is not chosen would add, tax excluded.",
    )

    # === COMPUTE === #

    @api.depends("is_chosen", "chapter_subtotal", "order_id.order_line.offered_quantity")
    def _compute_chapter_offered_subtotal(self):
        for line in self:
            is_set_aside = line.chapter_choice and not line.is_chosen
            line.chapter_offered_subtotal = line._get_offered_total() if is_set_aside else line.chapter_subtotal

    def _compute_chapter_figures(self):  # pylint: disable=missing-return
        super()._compute_chapter_figures()
        for line in self.filtered(lambda line: line.chapter_choice and not line.is_chosen):
            line.chapter_price_unit = chapters.unit_price(line._get_offered_total(), line.chapter_quantity)

    # === CONSTRAINTS === #

    @api.constrains("chapter_choice", "alternative_group", "is_chosen")
    def _check_alternatives(self):
        for line in self:
            if line.chapter_choice == "alternative" and not line.alternative_group:
                raise ValidationError(
                    self.env._("Name the alternatives that %(chapter)s is one of.", chapter=line.name)
                )
        for order in self.order_id:
            chosen = order.order_line.filtered(lambda line: line.chapter_choice == "alternative" and line.is_chosen)
            groups = chosen.mapped("alternative_group")
            if len(groups) != len(set(groups)):
                raise ValidationError(
                    self.env._("Only one of the alternatives can be chosen: %(names)s", names=", ".join(groups))
                )

    # === ACTION === #

    def action_change_chapter_choice(self):
        """Ask how this chapter is offered: as part of the works, as an option, as one of several alternatives."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Offer the Chapter"),
            "res_model": "construction.chapter.choice",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_id": self.id},
        }

    def action_toggle_chosen(self):
        """Take or leave this option, as the customer said."""
        self.ensure_one()
        self.order_id._lock_for_revision()
        self._choose(not self.is_chosen)
        return True

    # === BUSINESS === #

    def _set_choice(self, choice, group=False):
        """Offer this chapter as an option or an alternative, or make it part of the works again.

        :param choice: optional, alternative or False
        :param group: the name alternatives share
        """
        self.ensure_one()
        if self.display_type != "line_section":
            raise UserError(self.env._("Only whole chapters are offered as options or alternatives."))
        siblings = self.order_id.order_line.filtered(
            lambda line: line != self and line.chapter_choice == "alternative" and line.alternative_group == group
        )
        is_chosen = not choice or (choice == "alternative" and not any(siblings.mapped("is_chosen")))
        self._put_quantities(is_chosen)
        self.write(
            {
                "chapter_choice": choice,
                "alternative_group": group if choice == "alternative" else False,
                "is_chosen": is_chosen,
            }
        )

    def _choose(self, is_chosen=True):
        """Take this option or alternative, or leave it; the other alternatives go.

        :raise UserError: when the chapter is part of the works, or the quote is accepted already
        """
        self.ensure_one()
        self.check_access("write")
        if not self.chapter_choice or self.state not in ("draft", "sent") or self.order_id.superseded_by_id:
            raise UserError(self.env._("%(chapter)s can no longer be chosen or left.", chapter=self.name))
        # Alternatives of one price leave the order as it is: whoever chooses another one now must start again.
        touch(self.order_id)
        if self.chapter_choice == "alternative":
            if not is_chosen:
                raise UserError(self.env._("Choose another alternative instead of %(chapter)s.", chapter=self.name))
            others = self.order_id.order_line.filtered(
                lambda line: (
                    line != self
                    and line.chapter_choice == "alternative"
                    and line.alternative_group == self.alternative_group
                )
            )
            for other in others.filtered("is_chosen"):
                other._put_quantities(False)
                other._write_choice({"is_chosen": False})
        self._put_quantities(is_chosen)
        self._write_choice({"is_chosen": is_chosen})
        self.order_id.message_post(
            body=self.env._("Chosen: %(chapter)s", chapter=self.name)
            if is_chosen
            else self.env._("Not chosen: %(chapter)s", chapter=self.name)
        )
        self.order_id._recheck_choice()

    def _put_quantities(self, is_chosen):
        """Let the lines of this chapter count, or set their quantities aside."""
        for line in self._get_chapter_lines():
            if line.display_type:
                continue
            # Price and discount with the quantity, or stock looks them up anew.
            kept = {"price_unit": line.price_unit, "discount": line.discount}
            if is_chosen and line.offered_quantity and not line.product_uom_qty:
                line._write_choice({"product_uom_qty": line.offered_quantity, "offered_quantity": 0.0, **kept})
            elif not is_chosen and line.product_uom_qty:
                line._write_choice({"offered_quantity": line.product_uom_qty, "product_uom_qty": 0.0, **kept})

    def _get_offered_total(self):
        """Give what this chapter comes to when it is chosen, tax excluded."""
        priced = self._get_chapter_lines().filtered(lambda line: not line.display_type)
        return sum(line._get_offered_subtotal() for line in priced)

    def _get_offered_subtotal(self):
        """Give what the line comes to at the quantity it is offered with, tax excluded."""
        self.ensure_one()
        quantity = self.product_uom_qty or self.offered_quantity
        taxes = self.tax_ids.compute_all(
            self.price_unit * (1 - self.discount / 100.0),
            currency=self.currency_id,
            quantity=quantity,
            product=self.product_id,
            partner=self.order_id.partner_id,
        )
        return self.currency_id.round(taxes["total_excluded"])

    def _get_chapter_is_chosen(self):
        """Tell whether the chapter the line stands in counts."""
        section = self.parent_id
        if section.display_type == "line_subsection":
            section = section.parent_id
        return not section.chapter_choice or section.is_chosen

    def _get_offered_quantity(self):
        """Give the quantity the line is offered with, chosen or not."""
        return self.product_uom_qty or self.offered_quantity
