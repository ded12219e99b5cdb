from odoo import models
from odoo.tools import float_compare, format_date, formatLang


class ConstructionContract(models.Model):
    """The rows of the printed tables: works and deliveries. Those of the payment plan are beside its fields."""

    _inherit = "construction.contract"

    # === BUSINESS === #

    def _get_work_rows(self):
        """What is built, order by order and chapter by chapter.

        :return: list of dicts (kind "order" or "chapter", number, name, quantity, amount: None where the order
            does not show it), amounts taxes included
        """
        self.ensure_one()
        # reason of sudo: of an order of a colleague, too, the contract says what is built
        orders = self.sudo().order_ids.filtered(lambda order: order.state == "sale").sorted("id")
        rows = []
        for order in orders.with_context(lang=self._get_lang()):
            rows.append(
                {
                    "kind": "order",
                    "number": order.name,
                    "name": format_date(order.env, order.date_order),
                    "quantity": "",
                    "amount": order.amount_total,
                }
            )
            rows += self._get_chapter_rows(order)
        return rows

    def _get_chapter_rows(self, order):
        """The chapters of an order; lines in none stand for themselves."""
        shows_amounts = order.presentation != "total"
        rows, chapter = [], None
        for line in order.order_line.filtered(lambda line: not line.is_downpayment):
            if line.display_type == "line_section":
                chapter = self._prepare_work_row(line, line.chapter_quantity, line.chapter_uom_id)
                rows.append(chapter)
            elif line.display_type:
                continue
            elif chapter:
                chapter["amount"] += line.price_total
                chapter["is_bought"] |= bool(line.product_uom_qty)
            else:
                row = self._prepare_work_row(line, line.product_uom_qty, line.product_uom_id)
                rows.append({**row, "amount": line.price_total, "is_bought": bool(line.product_uom_qty)})
        # options nobody chose are no part of what was signed
        rows = [row for row in rows if row["is_bought"]]
        for row in rows:
            row["amount"] = order.currency_id.round(row["amount"]) if shows_amounts else None
        return rows

    def _format_quantity(self, env, quantity):
        """A quantity without zeros at its end: "1.000 Units" would read as a thousand in half of the world."""
        digits = env["decimal.precision"].precision_get("Product Unit")
        used = next(used for used in range(digits + 1) if not float_compare(quantity, round(quantity, used), digits))
        return formatLang(env, quantity, digits=used)

    def _prepare_work_row(self, line, quantity, uom):
        text = f"{self._format_quantity(line.env, quantity)} {uom.name or ''}" if quantity else ""
        return {
            "kind": "chapter",
            "number": line.chapter_number or "",
            "name": (line.name or "").split("\n")[0],
            "quantity": text.strip(),
            "amount": 0.0,
            "is_bought": False,
        }

    def _get_delivery_rows(self):
        """The rows of the printed delivery plan.

        :return: list of dicts (date, name, quantity)
        """
        self.ensure_one()
        contract = self.with_context(lang=self._get_lang())
        return [
            {
                "date": format_date(contract.env, row.date_planned),
                "name": row.name or row.product_id.display_name or "",
                "quantity": " ".join(
                    filter(None, (self._format_quantity(contract.env, row.quantity), row.product_id.uom_id.name))
                ),
            }
            for row in contract.delivery_ids.sorted(lambda row: (row.date_planned, row.id))
        ]
