"""Two quotes laid side by side: their lines as `core.quote.comparison` compares them."""

from odoo import models
from odoo.exceptions import UserError

from ...core.quote import chapters, comparison


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # === ACTION === #

    def action_compare(self):
        """Open the comparison of this quote with the issue before it, or another quote of its deal."""
        self.ensure_one()
        other = self._get_quote_to_compare()
        if not other:
            raise UserError(
                self.env._("There is no other quote of this deal to compare %(quote)s with.", quote=self.name)
            )
        old, new = sorted(other | self, key=lambda order: order.id)
        compare = self.env["construction.quote.compare"].create({"old_id": old.id, "new_id": new.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Compare Quotes"),
            "res_model": compare._name,
            "res_id": compare.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    # === BUSINESS === #

    def _get_quote_to_compare(self):
        """Give the quote a person most likely wants to see this one beside."""
        followed = self.previous_revision_id or self.superseded_by_id or self.open_revision_id or self.variant_of_id
        return followed[:1] or (self._get_comparable() - self)[-1:]

    def _get_comparable(self):
        """Give the quotes this one can be compared with: those of its chain, its variants and its deal."""
        family = self._get_family()
        if self.opportunity_id:
            family |= self.search([("opportunity_id", "=", self.opportunity_id.id)])
        return family.sorted("id")

    def _get_chapters_to_compare(self, with_cost=False):
        """Give the chapters of this quote with their lines.

        :param bool with_cost: fill in what the lines cost; only for who may see it
        :return: list of `comparison.Chapter`
        """
        self.ensure_one()
        first = home = section = comparison.Chapter(None, None, None, "")
        found = [first]
        for line in self.order_line.sorted("sequence"):
            if line.display_type == chapters.SECTION:
                home = section = line._to_compared_chapter()
                found.append(home)
            elif line.display_type == chapters.SUBSECTION:
                home = line._to_compared_chapter(section)
                found.append(home)
            else:
                home.lines.append(line._to_compared(with_cost, home))
        return found if first.lines else found[1:]


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _to_compared_chapter(self, section=None):
        """Give this section as a chapter; a subsection joins the section it stands in."""
        chapter = comparison.Chapter(
            self.id,
            self._get_lineage(),
            (self.display_type, self.chapter_product_id.id or self.name),
            self.name or "",
            self.chapter_number or "",
            round(self.chapter_quantity, 6),
            self.chapter_uom_id.name or "",
            1 if section is None else 2,
            self.collapse_prices,
            self.collapse_composition,
            origin=self.generation_key,
        )
        if section is not None and section.key:
            chapter.hides_prices = chapter.hides_prices or section.hides_prices
            chapter.hides_lines = chapter.hides_lines or section.hides_lines
            chapter.is_hidden = section.hides_lines
            section.inner.append(chapter)
        return chapter

    def _to_compared(self, with_cost, home):
        # sudo: the caller asked whether the reader may see costs.
        cost = self.sudo().purchase_price * self.product_uom_qty if with_cost else 0.0
        return comparison.Line(
            self.id,
            self._get_lineage(),
            (self.display_type, self.product_id.id or self.name),
            self.name or "",
            self.chapter_number or "",
            round(self._get_offered_quantity(), 6),
            self.product_uom_id.name or "",
            round(self.price_unit, 6),
            round(self.discount, 6),
            self.tax_ids._ids,
            self.price_subtotal,
            self.currency_id.round(cost),
            bool(self.display_type),
            home.hides_prices,
            home.hides_lines,
            self.generation_key,
        )
