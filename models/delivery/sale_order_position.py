from typing import NamedTuple

from odoo import models

from ...core.delivery.positions import Row, gather
from ..contract.construction_contract import LIVE_STATES


class Figures(NamedTuple):
    """What works come to: amounts in the currency of the order, without and with taxes."""

    quantity: float = 0.0
    untaxed: float = 0.0
    taxed: float = 0.0
    hours: float = 0.0

    def __add__(self, other):
        return Figures(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


NOTHING = Figures()


class SaleOrder(models.Model):
    """The works of an order, as they are measured and certified."""

    _inherit = "sale.order"

    # === BUSINESS === #

    def _get_works(self, known=None):
        """Give what the client bought in these orders, each line in one of them.

        :param dict known: what this gave for some of them before, and nothing changed since: they are not read again
        :return: dict of order → list of `core.delivery.positions.Works` with lines as records and recordset
        """
        known = known or {}
        # all lines of all orders at once, whatever was forgotten of them since
        lines = self.filtered(lambda order: order not in known).order_line
        lines = lines.with_prefetch(lines.ids)
        by_order = lines.grouped("order_id")
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        result = {}
        for order in self:
            if order in known:
                result[order] = known[order]
                continue
            rows = [line._get_position_row(digits) for line in by_order.get(order, lines.browse())]
            result[order] = gather(row for row in rows if row)
            for works in result[order]:
                works.lines = lines.browse(line.id for line in works.lines).with_prefetch(lines.ids)
        return result

    def _read_works_figures(self, known=None):
        """What the works of these orders come to, adding up to the orders to the cent.

        Where an order rounds its taxes as a whole, the odd cents go to its largest works.

        :param dict known: as for `_get_works`
        :return: dict of chapter (or priced line) → `Figures`; nothing of orders that are not confirmed
        """
        result = {}
        sold = self.filtered(lambda order: order.state == "sale")
        # All lines at once: items that stand as one priced line are taken apart by their recipes.
        hours = sold.order_line._get_hours_by_line()
        for order, found in sold._get_works(known).items():
            figures = {
                works.key: Figures(
                    works.key._get_works_quantity()[0],
                    sum(works.lines.mapped("price_subtotal")),
                    sum(works.lines.mapped("price_total")),
                    sum(hours.get(line, 0.0) for line in works.lines),
                )
                for works in found
            }
            if figures:
                largest = max(figures, key=lambda key: abs(figures[key].untaxed))
                figures[largest] += Figures(
                    untaxed=order.amount_untaxed - sum(figure.untaxed for figure in figures.values()),
                    taxed=order.amount_total - sum(figure.taxed for figure in figures.values()),
                )
            result |= figures
        return result

    def _set_contract(self, contract):
        """Works that join a signed contract are variations of it."""
        result = super()._set_contract(contract)
        # reason of sudo: the step of the contract, and positions are made by the system
        if contract.sudo().state in LIVE_STATES:
            self.env["construction.position"]._sync(self, added=True)
        return result

    def _action_cancel(self):
        result = super()._action_cancel()
        orders = self.filtered("opportunity_id.construction_type_id")
        if orders:
            self.env["construction.position"]._sync(orders)
        return result


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _find_deltas(self):
        """The chapters of later orders that change these chapters of the contract."""
        return self.search([("origin_chapter_id", "in", self.ids)]) if self else self

    def _read_chapter_figures(self, known=None):
        """What these chapters, or lines priced outside chapters, come to.

        :param dict known: as for `sale.order._get_works`
        :return: dict of line → (its own `Figures`, the `Figures` of the variations of it)
        """
        deltas = self._find_deltas()
        own = (self | deltas).order_id._read_works_figures(known)
        changes = {}
        for line in deltas:
            root = line._get_root_chapter()
            if line.order_id.contract_id and line.order_id.contract_id == root.order_id.contract_id:
                changes[root] = changes.get(root, NOTHING) + own.get(line, NOTHING)
        return {line: (own.get(line, NOTHING), changes.get(line, NOTHING)) for line in self}

    def _prepare_position_values(self, works):
        """Values of the position of this chapter, or line priced outside chapters.

        :param works: `core.delivery.positions.Works` of this line
        """
        self.ensure_one()
        title = (self.name or self.chapter_product_id.display_name or self.product_id.display_name or "").strip()
        return {
            "chapter_line_id": self.id,
            "order_id": self.order_id.id,
            "contract_id": self.order_id.contract_id.id,
            "project_id": self.order_id.opportunity_id.construction_project_id.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "number": self.chapter_number,
            "name": title.split("\n")[0] or self.env._("Works"),
            "product_id": (self.chapter_product_id or self.product_id).id,
            "recipe_id": self.recipe_id.id,
            "uom_id": self._get_works_quantity()[1].id,
            "is_follower": works.is_follower,
            "quantity_done": 0.0,
            "percent_done": 0.0,
        }

    def _get_position_row(self, digits):
        """This line for `gather`, or None when it is no part of the works."""
        self.ensure_one()
        if self.display_type:
            return Row(self, self.display_type, is_chapter=self._is_chapter())
        if self.is_downpayment:
            return None
        return Row(
            self,
            is_bought=bool(round(self.product_uom_qty, digits)),
            # what a recipe made is no discount
            is_follower=not self.recipe_id and self._is_discount_line(),
        )

    def _get_works_quantity(self):
        """How much of what this chapter, or priced line, stands for: (quantity, unit). Works without any are one."""
        self.ensure_one()
        if self.display_type:
            return self.chapter_quantity or 1.0, self.chapter_uom_id
        return self.product_uom_qty, self.product_uom_id
