"""Stock's quotation templates on construction quotes: sections become chapters, recipes their components."""

from odoo import api, fields, models
from odoo.fields import Command


class SaleOrderTemplate(models.Model):
    _inherit = "sale.order.template"

    keeps_items_whole = fields.Boolean(
        help="On quotes of construction deals: products that have a recipe stay one priced line. Otherwise each "
        "becomes a chapter with the components of its recipe.",
    )
    chapter_line_ids = fields.One2many(
        "sale.order.template.line",
        "sale_order_template_id",
        string="Chapters",
        domain=[("display_type", "=", "line_section")],
    )


class SaleOrderTemplateLine(models.Model):
    _inherit = "sale.order.template.line"

    chapter_quantity = fields.Float(
        digits="Product Unit",
        help="How much of the chapter the lines below it are for; empty: one.",
    )
    chapter_uom_id = fields.Many2one("uom.uom", string="Chapter Unit", ondelete="restrict", help="Empty: units.")

    def _prepare_section_values(self):
        """Give what makes a section of this template a chapter."""
        unit = self.env.ref("uom.product_uom_unit", raise_if_not_found=False) or self.env["uom.uom"]
        return {
            "chapter_quantity": self.chapter_quantity or 1.0,
            "chapter_uom_id": (self.chapter_uom_id or unit).id,
        }


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # === COMPUTE === #

    def _compute_sale_order_template_id(self):  # pylint: disable=missing-return
        """The template of the deal's type goes before the company's."""
        super()._compute_sale_order_template_id()
        for order in self:
            works = order.opportunity_id.construction_type_id
            template = works and works.with_company(order.company_id).quote_template_id
            if template:
                order.sale_order_template_id = template

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        filled = [self._is_filled_from_template(vals) for vals in vals_list]
        orders = super().create(vals_list)
        for order, is_filled in zip(orders, filled):
            if is_filled:
                order._make_template_chapters(order.order_line)
        return orders

    def write(self, vals):
        if not self._is_filled_from_template(vals):
            return super().write(vals)
        before = {order: order.order_line for order in self}
        result = super().write(vals)
        for order, lines in before.items():
            order._make_template_chapters(order.order_line - lines)
        return result

    # === BUSINESS === #

    @api.model
    def _is_filled_from_template(self, vals):
        """Tell whether a quotation template was chosen and its lines come along; copies have numbered lines."""
        lines = [command[2] for command in vals.get("order_line") or () if command[0] == Command.CREATE]
        return bool(vals.get("sale_order_template_id") and lines) and not any(
            line.get("chapter_number") or line.get("recipe_id") for line in lines
        )

    def _make_template_chapters(self, fresh):
        """Make chapters of the lines that just came from the quotation template.

        :param fresh: the lines that are new; what stood there before stays
        """
        template = self.sale_order_template_id
        if not fresh or self.state != "draft" or not self._is_construction_quote():
            return
        self._give_sections_units(template, fresh)
        recipes = self._get_template_recipes(template, fresh)
        if recipes:
            self._take_apart(fresh, recipes)

    def _give_sections_units(self, template, fresh):
        sections = {}
        for line in template.chapter_line_ids:
            sections.setdefault(line.with_context(lang=self.partner_id.lang).name, line)
        for section in fresh.filtered(lambda line: line.display_type == "line_section"):
            if section.name in sections:
                section.write(sections[section.name]._prepare_section_values())

    def _get_template_recipes(self, template, fresh):
        """Give the lines of the template that are to be taken apart: a set of ids."""
        if template.keeps_items_whole:
            return set()
        products = template.sale_order_template_line_ids.product_id & fresh.product_id
        recipes = self.env["construction.recipe"]._get_active_by_product(products, self.company_id)
        return {
            line.id
            for line in fresh
            if line.product_id.id in recipes and line.product_uom_qty > 0 and not line._is_line_optional()
        }

    def _take_apart(self, fresh, wanted):
        """Put chapters in the place of lines whose product has a recipe.

        In a section such a line becomes a part of that chapter; outside of sections each product is a chapter.
        """
        lines = self.order_line.sorted(lambda line: (line.sequence, line.id))
        arranged, level, is_in_part = [], 0, False
        for line in lines:
            if line.display_type == "line_section":
                level, is_in_part = 1, False
            elif line.display_type == "line_subsection":
                level, is_in_part = 2, False
            is_own = line in fresh and not line.display_type
            if is_own and level == 0:
                arranged += line._to_chapter("line_section", line.id in wanted)
            elif is_own and level == 1 and (line.id in wanted or is_in_part):
                # A part ends at the next one only: what follows it has to be one, too.
                arranged += line._to_chapter("line_subsection", line.id in wanted)
                is_in_part = True
            else:
                arranged.append(line)
        taken = self.order_line.browse([line.id for line in lines if line.id in wanted and line not in arranged])
        taken.unlink()
        self._arrange_lines(arranged)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _to_chapter(self, kind, is_taken_apart):
        """Make this priced line a chapter or a part of one, with its components or with itself in it.

        :param kind: line_section or line_subsection
        :return: the lines in their order; when taken apart this line is not among them
        """
        self.ensure_one()
        order = self.order_id
        if is_taken_apart:
            vals_list = order._prepare_chapter_lines(self.product_id, self.product_uom_qty, self.product_uom_id)
            if kind == "line_subsection":
                vals_list = vals_list[:1] + [vals for vals in vals_list[1:] if not vals.get("display_type")]
        else:
            vals_list = [
                {
                    "order_id": order.id,
                    "product_uom_qty": 0.0,
                    "chapter_product_id": self.product_id.id,
                    "chapter_quantity": self.product_uom_qty,
                    "chapter_uom_id": self.product_uom_id.id,
                }
            ]
        code = self.product_id.default_code
        vals_list[0] |= {"display_type": kind, "name": self.name.removeprefix(f"[{code}] " if code else "")}
        # They are numbered once all of them stand where they belong.
        created = self.create([vals | {"sequence": self.sequence, "chapter_number": "-"} for vals in vals_list])
        created.chapter_number = False
        return [*created] if is_taken_apart else [*created, self]
