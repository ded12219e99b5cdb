"""Chapters made by hand: an item of the catalogue with its components in one go, numbered as generated ones are."""

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ...core.estimate import explosion
from ..estimate.buildup_book import BuildupBook
from ..estimate.recipe_library import RecipeLibrary
from .construction_evaluation import SEQUENCE_STEP


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # === CRUD === #

    def write(self, vals):
        result = super().write(vals)
        commands = vals.get("order_line") or ()
        if "opportunity_id" in vals or any(self._is_moving(command) for command in commands):
            self._number_drafts()
        return result

    # === ACTION === #

    def action_add_chapter(self):
        """Ask for the item and the quantity of one more chapter."""
        self.ensure_one()
        self._check_can_add_chapters()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add a Chapter"),
            "res_model": "construction.chapter.add",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.id},
        }

    # === BUSINESS === #

    @api.model
    def _is_moving(self, command):
        """Tell whether this command on the lines may change what stands where."""
        if command[0] == Command.UPDATE:
            return bool({"sequence", "display_type"}.intersection(command[2]))
        return command[0] in (Command.DELETE, Command.UNLINK, Command.CLEAR, Command.SET)

    def _number_drafts(self):
        """Number the chapters and lines of construction quotes that are drafts; what was sent keeps its numbers."""
        for order in self:
            if order.state == "draft" and order._is_construction_quote():
                lines = order.order_line.sorted(lambda line: (line.sequence, line.id))
                lines._number(keep=bool(order.revision))

    def _check_can_add_chapters(self):
        """Refuse chapters on what is no draft of a construction deal."""
        self.check_access("write")
        if not self._is_construction_quote():
            raise UserError(
                self.env._(
                    "Chapters belong to quotes of construction deals. Link %(quote)s to the deal it is for first.",
                    quote=self.name,
                )
            )
        if self.state != "draft" or self._is_read_only_offer():
            raise UserError(self._get_read_only_message())

    def _add_chapter(self, product, quantity, uom, after=None, parameters=None):
        """Add a chapter for an item: with the components of its active recipe, or with the item itself.

        :param product: `product.product`
        :param float quantity: above zero, in `uom`
        :param uom: the unit of the chapter, which converts to that of the product
        :param after: the chapter (`sale.order.line`) it is put behind; at the end when empty
        :param dict parameters: values for the parameters of the recipe, by name
        :return: the section
        :raise UserError: when the quote is no draft, or the recipe gives nothing to work with
        """
        self.ensure_one()
        self._check_can_add_chapters()
        self._lock_for_revision()
        self._take_company_markups()
        vals_list = self._prepare_chapter_lines(product, quantity, uom, parameters)
        return self._insert_lines(vals_list, after)[:1]

    def _take_company_markups(self):
        """Price a quote without lines as the company prices its sheets: from costs, where that is its way."""
        if self.evaluation_id or self.order_line or self.company_id.construction_price_source != "buildup":
            return
        if self.sudo().markup_ids:  # sudo: whether there are any is no secret
            return
        self._take_markups(self._get_model_sheet()._get_markups()._prepare_copy_values())

    def _get_model_sheet(self):
        """Give a sheet in memory that prices as this quote does."""
        # sudo: nothing of it is stored or shown; markups stay inside.
        return (
            self.env["construction.evaluation"]
            .sudo()
            .new(
                {
                    "lead_id": self.opportunity_id.id,
                    "company_id": self.company_id.id,
                    "partner_id": self.partner_id.id,
                    "pricelist_id": self.pricelist_id.id,
                    "currency_id": self.currency_id.id,
                    "fiscal_position_id": self.fiscal_position_id.id,
                    "price_source": "catalogue",
                }
            )
        )

    def _prepare_chapter_lines(self, product, quantity, uom, parameters=None):
        """List the values of a chapter: its section, then what it takes."""
        self._check_chapter_item(product, quantity, uom)
        # sudo: as in `_get_model_sheet`.
        item = (
            self.env["construction.evaluation.line"]
            .sudo()
            .new(
                {
                    "evaluation_id": self._get_model_sheet(),
                    "product_id": product.id,
                    "quantity": quantity,
                    "uom_id": uom.id,
                }
            )
        )
        markups = self.sudo().markup_ids  # sudo: a price comes out, not how it was made
        parts = self._get_chapter_parts(item, quantity, parameters)
        step = markups._get_rounding().round_to if markups else 0.0
        if step:
            parts = item._add_rounding(parts, quantity)
        book = self._get_chapter_book(item, parts, markups, step)
        vals_list = [item._prepare_chapter_values("")] + item._prepare_part_values(parts, book, "")
        for vals in vals_list:
            vals |= {"order_id": self.id, "evaluation_line_id": False, "chapter_number": False}
        # sudo: costs belong to the line even when the person adding it may not see them.
        self.env["sale.order.line"].sudo()._add_generated_values(vals_list)
        return vals_list

    def _check_chapter_item(self, product, quantity, uom):
        if quantity <= 0 or not explosion.is_usable_quantity(quantity):
            raise ValidationError(self.env._("A chapter needs a quantity above zero."))
        if not uom._has_common_reference(product.uom_id):
            raise ValidationError(
                self.env._(
                    "%(product)s is counted in %(product_unit)s, which does not convert to %(unit)s.",
                    product=product.display_name,
                    product_unit=product.uom_id.name,
                    unit=uom.name,
                )
            )

    def _get_chapter_parts(self, item, quantity, parameters):
        """Take the item apart; what is wrong with its recipe is said, where a sheet would list it as a fault."""
        recipe = item.recipe_id
        if not recipe:
            return item._explode()[item]
        digits = recipe._get_quantity_digits()
        in_recipe = item.uom_id._compute_quantity(quantity, recipe.uom_id, round=False)
        values = item._get_parameter_values() | (parameters or {})
        parts = recipe._get_components(in_recipe, digits, RecipeLibrary(recipe), values)
        if not parts:
            raise UserError(self.env._("The recipe of %(item)s has no components.", item=item.product_id.display_name))
        return parts

    def _get_chapter_book(self, item, parts, markups, step):
        if not markups:
            return item.evaluation_id._get_price_book({item: parts})
        products = self.env["product.product"].union(*(part["product"] for part in parts))
        moment = self.date_order or self.env.cr.now()
        values = (self.company_id, self.pricelist_id, self.currency_id, self.fiscal_position_id, moment, products)
        return BuildupBook(*values, markups._to_core(), step)

    def _insert_lines(self, vals_list, after=None):
        """Create lines behind a chapter, or at the end, and number all of them.

        :return: the new lines, in their order
        """
        lines = self.order_line.sorted(lambda line: (line.sequence, line.id))
        place = len(lines)
        if after:
            block = after | after._get_chapter_lines()
            place = max(index for index, line in enumerate(lines, start=1) if line in block)
            while place < len(lines) and lines[place].display_type == "line_note":
                place += 1
        created = self.env["sale.order.line"].create(vals_list)
        self._arrange_lines([*lines[:place], *created, *lines[place:]])
        return created

    def _arrange_lines(self, lines):
        """Put lines in this order and number them, one step for all."""
        for place, line in enumerate(lines, start=1):
            if line.sequence != place * SEQUENCE_STEP:
                line.sequence = place * SEQUENCE_STEP
        self.invalidate_recordset(["order_line"])
        self._apply_presentation()
        self._number_drafts()


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        fresh = lines.filtered(
            lambda line: not line.chapter_number and not line.generation_key and line.display_type != "line_note"
        )
        fresh.order_id._number_drafts()
        return lines

    # === ACTION === #

    def action_add_chapter(self):
        """Ask for one more chapter of the quote whose lines are shown."""
        order = self.env["sale.order"].browse(self.env.context.get("order_id") or ())
        if not order:
            raise UserError(self.env._("Save the quote first, then add its chapters."))
        return order.action_add_chapter()
