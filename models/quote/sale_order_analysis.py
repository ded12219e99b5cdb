from odoo import models

from ..estimate.unit_price_analysis import UnitPriceAnalysis


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_analysis(self, has_costs):
        """Gather the analysis of every chapter of the quote, as its lines stand.

        :param has_costs: at what the lines cost us and how that becomes the price, for who may see that; else at
            the prices of the quote, where the amounts are those of the whole chapter
        """
        self.ensure_one()
        markups = None
        if has_costs and self.evaluation_id.price_source == "buildup":
            markups = self.evaluation_id._get_markups()
        analysis = UnitPriceAnalysis(self.env, self.currency_id, markups)
        if not has_costs:
            analysis.digits = self.currency_id.decimal_places
        items = [
            self._prepare_analysed_chapter(analysis, chapter, lines, has_costs)
            for chapter, lines in self._get_analysed_chapters()
        ]
        return {"currency": self.currency_id, "digits": analysis.digits, "items": items, "total": self.amount_untaxed}

    def _get_analysed_chapters(self):
        """List each chapter with its `(subsection, line)` pairs; lines outside of chapters are items themselves."""
        chapters, pairs, chapter = [], [], self.order_line.browse()
        subsection = chapter
        for line in self.order_line.sorted(lambda line: (line.sequence, line.id)):
            if line.display_type == "line_section":
                chapter, subsection, pairs = line, line.browse(), []
                chapters.append((chapter, pairs))
            elif line.display_type == "line_subsection":
                subsection = line
            elif line.product_id and not line.display_type and not line.is_downpayment:
                if chapter._is_chapter():
                    pairs.append((subsection, line))
                else:
                    chapters.append((line, [(line.browse(), line)]))
        return [(chapter, pairs) for chapter, pairs in chapters if pairs]

    def _prepare_analysed_chapter(self, analysis, chapter, pairs, has_costs):
        is_chapter = chapter._is_chapter()
        quantity = (chapter.chapter_quantity if is_chapter else chapter.product_uom_qty) or 1.0
        lines = chapter.concat(*(line for _subsection, line in pairs))
        subtotal = self.currency_id.round(sum(lines.mapped("price_subtotal"))) if is_chapter else chapter.price_subtotal
        header = {
            "number": chapter.chapter_number or "",
            "code": (chapter.chapter_product_id or chapter.product_id).default_code or "",
            "name": chapter.name,
            "unit": (chapter.chapter_uom_id if is_chapter else chapter.product_uom_id).name or "",
            "subtotal": subtotal,
        }
        percentages = lines._get_percentages()
        rows = [
            line._prepare_analysis_row(analysis, subsection, quantity, percentages.get(line), has_costs)
            for subsection, line in pairs
        ]
        if has_costs:
            return analysis.make_item(header, rows, subtotal / quantity, quantity)
        return analysis.make_item(header | {"price": subtotal / quantity}, rows, None, quantity)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _prepare_analysis_row(self, analysis, subsection, quantity, percentage, has_costs):
        """Describe the line: per unit of its chapter at cost, or as the client pays it."""
        self.ensure_one()
        row = {
            "name": analysis.name_product(self.product_id),
            "note": subsection.name or "",
            "nature": self.cost_nature or self.product_id._get_cost_nature() or "",
            "waste": 0.0,
            "quantity": self.product_uom_qty,
            "consumption": self.product_uom_qty / quantity,
            "unit": self.product_uom_id.name,
            "price": self.price_subtotal / self.product_uom_qty if self.product_uom_qty else 0.0,
            "amount": self.price_subtotal,
        }
        if has_costs:
            # sudo: stock's cost of a line, for who may see the costs of works.
            cost = self.sudo().purchase_price
            row.update(price=cost, amount=cost * self.product_uom_qty / quantity)
        if percentage:
            percent = analysis.format_percent(percentage.percent)
            row.update(percent=percent, base=analysis.bases.get(percentage.percent_base, ""))
        return row
