from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.fields import Command

from ...core.estimate import explosion
from ..estimate.price_book import PRICE_GROUPS
from ..pipeline.row_lock import touch

# Room between the lines of a generated quote, so that a person can insert some.
SEQUENCE_STEP = 10


class ConstructionEvaluation(models.Model):
    _inherit = "construction.evaluation"

    # A surveyor measures without ever seeing what is quoted.
    order_ids = fields.One2many("sale.order", "evaluation_id", string="Quotes", groups=PRICE_GROUPS)
    extra_order_ids = fields.Many2many(
        "sale.order",
        "sale_order_extra_evaluation_rel",
        string="Quotes with Other Sheets",
        groups=PRICE_GROUPS,
        copy=False,
    )
    order_count = fields.Integer(
        string="Quotes Count",
        compute="_compute_order_count",
        groups=PRICE_GROUPS,
    )

    # === COMPUTE === #

    @api.depends("order_ids", "extra_order_ids")
    def _compute_order_count(self):
        counts = {}
        for name in ("evaluation_id", "extra_evaluation_ids"):
            for sheet, count in self.env["sale.order"]._read_group([(name, "in", self.ids)], [name], ["__count"]):
                counts[sheet.id] = counts.get(sheet.id, 0) + count
        for sheet in self:
            sheet.order_count = counts.get(sheet._origin.id, 0)

    # === ACTION === #

    def action_generate_quote(self):
        """Make the quote of this final sheet, or open the one it has.

        :return: the action that opens the quote
        :raise UserError: when the sheet is not final or its deal lacks what a quote needs
        :raise AccessError: when the user may not make quotes for this deal
        """
        self.ensure_one()
        self._check_can_generate_quote()
        self._lock_for_quote()
        quote = self._get_live_quote() or self._generate_quote()
        return quote._get_quote_action()

    def action_view_orders(self):
        """Open the quotes made from this sheet."""
        self.ensure_one()
        return (self.order_ids | self.extra_order_ids)._get_records_action(name=self.env._("Quotes"))

    # === BUSINESS === #

    def _lock_for_quote(self):
        """Lock the row, then look: two clicks, or two people, make one quote."""
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is generating the quote of %(sheet)s right now. Try again in a moment.",
                    sheet=", ".join(self.mapped("display_name")),
                )
            ) from error

    def _check_can_generate_quote(self):
        self.env["sale.order"].check_access("create")
        if not self.env.su and not self.lead_id.has_access("read"):
            raise AccessError(
                self.env._(
                    "The deal of %(sheet)s is not yours. Ask its salesperson or an estimator to generate the quote.",
                    sheet=self.display_name,
                )
            )
        # A context comes from whoever calls: it opens the way to a sales manager only.
        is_early = self.env.context.get("is_early_quote") and self.env.user.has_group("sales_team.group_sale_manager")
        if self.state != "final" and not is_early:
            raise UserError(
                self.env._(
                    "A quote is made from a final sheet. Finalise %(sheet)s first.",
                    sheet=self.display_name,
                )
            )
        if not self._get_quoted_lines():
            raise UserError(
                self.env._(
                    "%(sheet)s has no items to quote. Make a new version and add what is to be done.",
                    sheet=self.display_name,
                )
            )
        if not self.lead_id.partner_id:
            raise UserError(
                self.env._(
                    "The deal %(deal)s has no client yet. Set one, then generate the quote.",
                    deal=self.lead_id.display_name,
                )
            )

    def _get_live_quote(self):
        """Give the quote this sheet has now: neither cancelled nor replaced by a revision."""
        quotes = self.env["sale.order"].search(self._get_live_quote_domain(), order="id")
        return quotes.filtered(lambda quote: not quote.open_revision_id)[:1]

    def _get_live_quote_domain(self):
        return [
            "|",
            ("evaluation_id", "=", self.id),
            ("extra_evaluation_ids", "in", self.ids),
            ("state", "!=", "cancel"),
            ("superseded_by_id", "=", False),
        ]

    def _generate_quote(self):
        """Create the quote of these sheets in one batch."""
        touch(self)
        quote = self.env["sale.order"].create(self._prepare_quote_values())
        quote._remember_generated()
        if self[:1].price_source == "buildup":
            quote._take_sheet_markups()
        sheet_total = sum(self.mapped("amount_total"))
        if quote.currency_id.compare_amounts(quote.amount_untaxed, sheet_total):
            quote.message_post(
                body=self.env._(
                    "The catalogue has changed since %(sheet)s was finalised: it came to "
                    "%(sheet_total)s, this quote comes to %(quote_total)s.",
                    sheet=", ".join(self.mapped("display_name")),
                    sheet_total=quote.currency_id.format(sheet_total),
                    quote_total=quote.currency_id.format(quote.amount_untaxed),
                )
            )
        return quote

    def _prepare_quote_values(self):
        """Give the values of the quote of these sheets, lines included."""
        sheet, lead = self[:1], self.lead_id
        values = {
            "partner_id": lead.partner_id.id,
            "company_id": sheet.company_id.id,
            "opportunity_id": lead.id,
            "evaluation_id": sheet.id,
            "extra_evaluation_ids": [Command.set((self - sheet).ids)],
            "origin": ", ".join(self.mapped("display_name")),
            "pricelist_id": sheet.pricelist_id.id,
            "campaign_id": lead.campaign_id.id,
            "medium_id": lead.medium_id.id,
            "source_id": lead.source_id.id,
            "tag_ids": [Command.set(lead.tag_ids.ids)],
            "presentation": "full",
            "order_line": [Command.create(vals) for vals in self._prepare_keyed_lines()],
        }
        if sheet.site_id:
            values["partner_shipping_id"] = sheet.site_id.id
        if lead.user_id:
            values["user_id"] = lead.user_id.id
        if lead.team_id:
            values["team_id"] = lead.team_id.id
        return values

    def _prepare_quote_lines(self):
        """List the values of all lines: a chapter for each item, and what it takes."""
        vals_list = []
        lines = self._get_quoted_lines().sorted(lambda line: (line.sequence, line.id))
        exploded = lines._explode()
        book = self._get_price_book(exploded)
        for number, (line, parts) in enumerate(exploded.items(), start=1):
            vals_list.append(line._prepare_chapter_values(str(number)))
            vals_list.extend(line._prepare_part_values(parts, book, str(number)))
        for index, vals in enumerate(vals_list, start=1):
            vals["sequence"] = index * SEQUENCE_STEP
        return vals_list


class ConstructionEvaluationLine(models.Model):
    _inherit = "construction.evaluation.line"

    def _prepare_chapter_values(self, number):
        """Give the values of the section this item becomes."""
        self.ensure_one()
        return {
            "display_type": "line_section",
            "name": self.name or self.product_id.display_name,
            "product_uom_qty": 0.0,
            "chapter_number": number,
            "chapter_product_id": self.product_id.id,
            "chapter_quantity": self.quantity,
            "chapter_uom_id": self.uom_id.id,
            "evaluation_line_id": self.id,
            "recipe_id": self.recipe_id.id,
        }

    def _prepare_part_values(self, parts, book, number):
        """List the values of the lines of a chapter.

        What the item takes directly comes first: a subsection of Odoo ends only at the next one.
        """
        self.ensure_one()
        fixed = self._get_fixed_prices(parts, book)
        sections = {}
        for index, part in enumerate(parts):
            sections.setdefault(part["section"], []).append(index)
        vals_list = [
            self._prepare_component_values(parts[index], f"{number}.{place}") | fixed.get(index, {})
            for place, index in enumerate(sections.pop(None, ()), start=1)
        ]
        for place, (section, indexes) in enumerate(sections.items(), start=len(vals_list) + 1):
            vals_list.append(self._prepare_subsection_values(section, f"{number}.{place}"))
            vals_list.extend(
                self._prepare_component_values(parts[index], f"{number}.{place}.{inner}") | fixed.get(index, {})
                for inner, index in enumerate(indexes, start=1)
            )
        return vals_list

    def _prepare_subsection_values(self, recipe_line, number):
        """Give the values of the subsection a component made by a recipe becomes."""
        digits = recipe_line.recipe_id._get_quantity_digits()
        quantity = self._get_section_quantity(recipe_line)
        product = recipe_line.product_id.with_context(display_default_code=False)
        lang = self.evaluation_id.partner_id.lang
        return {
            "display_type": "line_subsection",
            "name": (product.with_context(lang=lang) if lang else product).display_name,
            "product_uom_qty": 0.0,
            "chapter_number": number,
            "chapter_product_id": recipe_line.product_id.id,
            "chapter_quantity": explosion.round_quantity(quantity, digits),
            "chapter_uom_id": recipe_line.uom_id.id,
            "evaluation_line_id": self.id,
            "recipe_id": self.recipe_id.id,
        }

    def _get_section_quantity(self, recipe_line):
        """Give how much of a component made by a recipe the item takes."""
        quantity = self.uom_id._compute_quantity(self.quantity, self.recipe_id.uom_id, round=False)
        return self.recipe_id._get_line_quantity(recipe_line, quantity, self._get_parameter_values())

    def _get_fixed_prices(self, parts, book):
        """Give the price of the parts whose price is not the pricelist's to say, by place."""
        if not any(book.is_fixed(part) for part in parts):
            return {}
        costs = book.part_costs(parts)
        return {
            index: {
                "price_unit": priced.price_unit,
                "technical_price_unit": priced.price_unit,
                "discount": priced.discount,
                "has_sheet_price": True,
                "is_percentage": priced.part["percent"] is not None,
                # The cost of a percentage is a percentage too; any other is the product's, as stock has it.
                **({"purchase_price": costs[index]} if priced.part["percent"] is not None else {}),
                **self._get_rounding_taxes(priced.part, book),
            }
            for index, priced in enumerate(book.price_parts(parts))
            if book.is_fixed(priced.part)
        }

    def _get_rounding_taxes(self, part, book):
        """Give the taxes of a row of rounding: those of what it rounds."""
        if not part.get("rounded_quantity"):
            return {}
        return {"tax_ids": [Command.set(book.taxes(part["tax_product"]).ids)]}

    def _prepare_component_values(self, part, number):
        """Give the values of the line a component becomes; most prices are the order's matter."""
        self.ensure_one()
        return {
            "product_id": part["product"].id,
            "product_uom_qty": part["quantity"],
            "product_uom_id": part["uom"].id,
            "chapter_number": number,
            "cost_nature": part["nature"],
            "evaluation_line_id": self.id,
            "recipe_id": part["recipe"].id,
        }
