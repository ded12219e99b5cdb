from odoo import models


class SaleOrder(models.Model):
    """What is to be built for an order: its chapters, and the parts of these."""

    _inherit = "sale.order"

    def _get_chapters_of_works(self):
        """Return ``[(section line, component lines)]`` of the chapters bought in these orders, in order.

        A chapter is a section with a quantity, made from a sheet or by hand; its subsections belong to it. An item
        with a recipe that stands as one priced line outside of chapters is a chapter of its own, and its component.
        """
        # Lines and their products are read all at once, whatever was forgotten of the orders since.
        lines = self.order_line
        lines = lines.with_prefetch(lines.ids)
        chapters, loose = [], []
        for order_lines in lines.grouped("order_id").values():
            section, component_ids = None, []
            for line in order_lines:
                if line.display_type == "line_section":
                    section, component_ids = (line if line._is_chapter() else None), []
                    if section:
                        chapters.append((section, component_ids))
                elif line.display_type or line.is_downpayment:
                    continue
                elif section:
                    component_ids.append(line.id)
                elif line._may_be_whole_item() or line.recipe_id:
                    chapters.append((line, [line.id]))
                    loose.append(line.id)
        items = lines.browse(loose).with_prefetch(lines.ids)
        items = items.browse(line.id for line in items._take_works_apart()) if items else items
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        result = []
        for section, component_ids in chapters:
            components = lines.browse(component_ids).with_prefetch(lines.ids)
            bought = components.filtered(lambda line: round(line.product_uom_qty, digits))
            is_works = bool(section.display_type) or section in items
            if is_works and (bought or not components):
                # what is read of one chapter is read of all
                result.append((section, bought.with_prefetch(lines.ids)))
        return result

    def _get_parts_of_works(self, chapters):
        """Take chapters apart into what becomes a task each where tasks are made for parts.

        :param chapters: as from ``_get_chapters_of_works``
        :return: list of ``(chapter line, part line, component lines)``; the part line is empty for what the chapter
            takes directly and for chapters without parts
        """
        lines = self.order_line
        wanted = {section.id: components for section, components in chapters}
        part_of = {}  # id of a component → the subsection it stands under
        for order_lines in lines.grouped("order_id").values():
            part = lines.browse()
            for line in order_lines:
                if line.display_type == "line_section":
                    part = lines.browse()
                elif line.display_type == "line_subsection":
                    part = line
                elif part:
                    part_of[line.id] = part
        result = []
        for section_id, components in wanted.items():
            section = lines.browse(section_id)
            grouped = components.grouped(lambda line: part_of.get(line.id, lines.browse()))
            for part, own in grouped.items() or [(lines.browse(), components)]:
                result.append((section, part, own))
        return result
