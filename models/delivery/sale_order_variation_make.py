from odoo import models
from odoo.exceptions import UserError
from odoo.tools import float_compare, float_is_zero


class SaleOrder(models.Model):
    """How the lines of a variation are made: from the lines of the contract, and by today's recipes."""

    _inherit = "sale.order"

    # === BUSINESS === #

    def _set_variation_lines(self, totals, items):
        """Write the chapters of a draft variation anew; new items it has stay, more are added.

        :param list totals: `(construction.position, quantity it comes to from now on)`
        :param list items: `(product, quantity, uom)` of what is not in the contract so far
        :raises UserError: more is taken out than remains, or nothing is changed
        """
        self.ensure_one()
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        # reason of sudo: a project manager proposes who sees no prices; the rates are those of the contract
        order = self.sudo()
        changed = [
            (position, total)
            for position, total in totals
            if not float_is_zero(total - position.quantity, precision_digits=digits)
        ]
        parts, deltas = order._read_contract_lines([position for position, _total in changed])
        vals_list = []
        for position, total in changed:
            position._check_can_change_to(total, digits)
            root = position.chapter_line_id
            lines = root._prepare_delta_lines(parts[root], deltas, position.quantity, total, position.number or "")
            vals_list.append((not root.display_type, lines))
        order.order_line.filtered(lambda line: line.origin_line_id or line.origin_chapter_id).unlink()
        # lines outside chapters first: below a section they would belong to it
        vals_list.sort(key=lambda pair: not pair[0])
        lines = [vals for _is_single, block in vals_list for vals in block]
        for place, vals in enumerate(lines):
            vals |= {"order_id": order.id, "sequence": place - len(lines)}
        order.env["sale.order.line"].create(lines)
        order._arrange_lines(order.order_line.sorted(lambda line: (line.sequence, line.id)))
        order._add_variation_items(items)
        if not order.order_line:
            raise UserError(self.env._("Nothing is changed: give a chapter another quantity, or add a new item."))

    def _read_contract_lines(self, positions):
        """What these works are made of, read at once.

        :return: (dict of chapter → its lines, dict of line → lines of applied variations that change it)
        """
        orders = self.env["sale.order"].union(*(position.order_id for position in positions))
        parts = {works.key: works.lines for found in orders._get_works().values() for works in found}
        lines = self.env["sale.order.line"].union(*(parts[position.chapter_line_id] for position in positions))
        return parts, lines._get_applied_deltas().grouped("origin_line_id")

    def _add_variation_items(self, items):
        """Add what is not in the contract so far, priced as the deal prices today."""
        self.ensure_one()
        if not items:
            return
        if not self.markup_ids:
            orders = self.variation_contract_id.order_ids.filtered("markup_ids").sorted("id")
            if orders:
                self._take_markups(orders[0].markup_ids._prepare_copy_values())
            elif self.company_id.construction_price_source == "buildup":
                self._take_markups(self._get_model_sheet()._get_markups()._prepare_copy_values())
        for product, quantity, uom in items:
            self._add_chapter(product, quantity, uom)

    def _get_variation_changes(self):
        """What this variation does, chapter by chapter: quantities only, never a price.

        :return: list of dicts (number, name, change, uom, is_new)
        """
        self.ensure_one()
        changes = []
        for works in self._get_works()[self]:
            quantity, uom = works.key._get_works_quantity()
            changes.append(
                {
                    "number": works.key.chapter_number or "",
                    "name": (works.key.name or "").split("\n")[0],
                    "quantity": quantity,
                    "uom": uom,
                    "is_new": not works.key.origin_chapter_id,
                }
            )
        return changes


class ConstructionPosition(models.Model):
    _inherit = "construction.position"

    # === BUSINESS === #

    def _check_can_change_to(self, total, digits):
        """Refuse a quantity these works cannot come to."""
        self.ensure_one()
        if float_compare(self.quantity - total, self._get_remaining(), precision_digits=digits) > 0:
            raise UserError(self._get_too_much_removed_message(self.quantity - total))
        root = self.chapter_line_id
        base = root.chapter_quantity if root.display_type else root.product_uom_qty
        if float_is_zero(base, precision_digits=digits):
            raise UserError(
                self.env._(
                    "“%(chapter)s” has no quantity in the contract: describe its change as a new item.",
                    chapter=self.display_name,
                )
            )

    def _prepare_variation_line(self):
        """Values of the row that asks for the change of these works."""
        self.ensure_one()
        return {
            "position_id": self.id,
            "number": self.number,
            "name": self.name,
            "uom_name": self.uom_id.name,
            "quantity": self.quantity,
            "quantity_done": self.quantity_done,
            "quantity_remaining": self._get_remaining(),
        }
