from odoo import models

from ...core.estimate import explosion


class ConstructionEvaluation(models.Model):
    """Quotes at given prices: one priced line an item, and what rounding makes in a row of its own."""

    _inherit = "construction.evaluation"

    def _prepare_quote_lines(self):
        if self.price_source != "given":
            return super()._prepare_quote_lines()
        lines = self._get_quoted_lines().sorted(lambda line: (line.sequence, line.id))
        parts = lines._get_given_parts()
        book = self._get_price_book({line: [part] for line, part in parts.items()})
        costs = lines._get_recipe_costs()
        vals_list, base_lines = [], []
        for number, (line, part) in enumerate(parts.items(), start=1):
            # sudo: prices of a quote are for whoever quotes.
            priced = book.price_given(part, line.sudo().price_given)
            base_lines.append(book.base_line(priced))
            vals_list.append(line._prepare_chapter_values(str(number)))
            values = line._prepare_component_values(part, f"{number}.1") | self._prepare_given_values(priced)
            if line in costs:
                values["purchase_price"] = costs[line]
            vals_list.append(values)
        # sudo: the total is what the lines make, whoever generates
        difference = self.currency_id.round(self.sudo().amount_total - book.untaxed_total(base_lines))
        if not self.currency_id.is_zero(difference):
            vals_list += self._prepare_rounding_lines(book, lines, difference, str(len(parts) + 1))
        return vals_list

    def _prepare_given_values(self, priced):
        return {
            "price_unit": priced.price_unit,
            "technical_price_unit": priced.price_unit,
            "discount": 0.0,
            "has_sheet_price": True,
        }

    def _prepare_rounding_lines(self, book, lines, difference, number):
        """A chapter for what the figures of the budget lost when they were printed."""
        product = self.env["product.product"]._get_rounding_product()
        name = self.env._("Rounding of the budget")
        taxed_as = lines.product_id[:1]
        return [
            {"display_type": "line_section", "name": name, "product_uom_qty": 0.0, "chapter_number": number},
            {
                "product_id": product.id,
                "name": name,
                "product_uom_qty": 1.0,
                "product_uom_id": product.uom_id.id,
                "chapter_number": f"{number}.1",
                "tax_ids": [(6, 0, book.taxes(taxed_as).ids)],
                "purchase_price": 0.0,
                **self._prepare_given_values(
                    book.price_given({"product": taxed_as, "uom": taxed_as.uom_id, "quantity": 1.0}, difference)
                ),
            },
        ]


class ConstructionEvaluationLine(models.Model):
    _inherit = "construction.evaluation.line"

    def _get_given_parts(self):
        """Give each item as the one line it is on a quote at given prices.

        :return: a dict of line → part, shaped as those of `construction.recipe.explode`
        """
        digits = self.env["construction.recipe"]._get_quantity_digits()
        return {
            line: {
                "recipe_line": self.env["construction.recipe.line"],
                "recipe": self.env["construction.recipe"],
                "product": line.product_id,
                "quantity": explosion.round_quantity(line.quantity, digits),
                "exact_quantity": line.quantity,
                "uom": line.uom_id,
                "nature": line.product_id._get_cost_nature(),
                "section": None,
                "percent": None,
                "base": (),
                "order": 0,
            }
            for line in self
        }

    def _get_recipe_costs(self):
        """Give what one unit costs of the items whose product has no cost of its own, by their recipes."""
        result = {}
        # sudo: the cost goes to a field of its own, for whoever may see it.
        lines_sudo = self.sudo().filtered(lambda line: line.recipe_id and not line.product_id.standard_price)
        if not lines_sudo:
            return result
        costs = lines_sudo.recipe_id._get_unit_costs()
        for line_sudo in lines_sudo:
            recipe, sheet = line_sudo.recipe_id, line_sudo.evaluation_id
            cost = recipe.uom_id._compute_price(costs[recipe.id], line_sudo.uom_id)
            rate_day = sheet.create_date.date()
            cost = sheet.company_id.currency_id._convert(cost, sheet.currency_id, sheet.company_id, rate_day, False)
            result[line_sudo.sudo(False)] = cost
        return result
