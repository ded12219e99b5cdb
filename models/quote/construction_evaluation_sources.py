"""What a quote is generated from: one sheet or several, line by line with a key that outlives a new version."""

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ...core.quote import numbering
from .construction_evaluation import SEQUENCE_STEP

LEVELS = {"line_section": 1, "line_subsection": 2}


class ConstructionEvaluation(models.Model):
    _inherit = "construction.evaluation"

    # === ACTION === #

    def action_generate_quotes(self):
        """Make one quote of all these sheets, or open the one they have.

        :return: the action that opens the quote
        :raise UserError: when the sheets cannot stand on one quote
        """
        sheets = self.sorted(lambda sheet: (sheet.name, sheet.version, sheet.id))
        if len(sheets) == 1:
            return sheets.action_generate_quote()
        for sheet in sheets:
            sheet._check_can_generate_quote()
        sheets._check_one_quote()
        sheets._lock_for_quote()
        quote = sheets._get_common_quote() or sheets._generate_quote()
        return quote._get_quote_action()

    def action_generate_quote_early(self):
        """Quote a sheet that is not final yet: a sales manager's matter, and said on the quote.

        :return: the action that opens the quote
        """
        self.ensure_one()
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(self.env._("Only a sales manager quotes a sheet that is not final yet."))
        if self.state == "final":
            return self.action_generate_quote()
        self._check_state_among(("planned", "measured", "checked"))
        self._update_prices()
        self._check_no_faults()
        early = self.with_context(is_early_quote=True)
        early._check_can_generate_quote()
        early._lock_for_quote()
        quote = self._get_live_quote()
        if not quote:
            quote = early._generate_quote()
            quote.message_post(
                body=self.env._(
                    "%(sheet)s was not final yet when this quote was made from it. Regenerate the quote once it is.",
                    sheet=self.display_name,
                )
            )
        return quote._get_quote_action()

    # === BUSINESS === #

    def _check_one_quote(self):
        """Refuse sheets that differ in what a quote has one of."""
        for name in ("lead_id", "company_id", "pricelist_id", "currency_id", "fiscal_position_id", "price_source"):
            if len(set(self.mapped(lambda sheet, name=name: sheet[name]))) > 1:
                raise UserError(
                    self.env._(
                        "These sheets cannot stand on one quote, they differ in: %(field)s.",
                        field=self._fields[name]._description_string(self.env),
                    )
                )

    def _get_common_quote(self):
        """Give the live quote that is made from just these sheets."""
        quotes = self.env["sale.order"].search(self[:1]._get_live_quote_domain(), order="revision desc, id")
        return quotes.filtered(lambda quote: quote._get_sheets() == self)[:1]

    def _get_newest_final(self):
        """Give the newest final version of each of these sheets; the sheet itself where none is."""
        result = self.browse()
        for sheet in self:
            newest = self.search(
                [
                    ("name", "=", sheet.name),
                    ("company_id", "=", sheet.company_id.id),
                    ("lead_id", "=", sheet.lead_id.id),
                    ("state", "=", "final"),
                ],
                order="version desc",
                limit=1,
            )
            result |= newest if newest.version >= sheet.version else sheet
        return result

    def _prepare_keyed_lines(self):
        """List the values of the lines of all these sheets, each with its key."""
        vals_list = [vals for sheet in self for vals in sheet._prepare_quote_lines()]
        if len(self) > 1:
            self._number_values(vals_list)
        for index, vals in enumerate(vals_list, start=1):
            vals["sequence"] = index * SEQUENCE_STEP
        self._add_generation_keys(vals_list)
        return vals_list

    def _number_values(self, vals_list):
        rows, depth = [], 0
        for vals in vals_list:
            level = LEVELS.get(vals.get("display_type"), depth + 1)
            depth = level if vals.get("display_type") else depth
            rows.append((level, ""))
        for vals, number in zip(vals_list, numbering.renumber(rows, keep=False)):
            vals["chapter_number"] = number

    def _add_generation_keys(self, vals_list):
        """Give each line a key: item, subsection, product, and which of several equal ones."""
        items = self.line_ids
        lineages = {item.id: item._get_lineage() for item in items}
        seen, section = {}, ""
        for vals in vals_list:
            kind = vals.get("display_type") or "line"
            item = lineages.get(vals.get("evaluation_line_id"), "")
            product = vals.get("product_id") or vals.get("chapter_product_id") or ""
            name = "" if product or item else vals.get("name")
            if kind == "line_section":
                section = ""
            key = f"{item}/{section if kind == 'line' else ''}/{kind}/{product}{name}"
            if kind == "line_subsection":
                section = product or name
            seen[key] = seen.get(key, 0) + 1
            vals["generation_key"] = f"{key}/{seen[key]}"


class SaleOrder(models.Model):
    _inherit = "sale.order"

    extra_evaluation_ids = fields.Many2many(
        "construction.evaluation",
        "sale_order_extra_evaluation_rel",
        string="Further Sheets",
        readonly=True,
        help="More evaluation sheets this quote was generated from.",
    )

    def _get_sheets(self):
        """Give all sheets of this quote, the one it goes by first."""
        return self.evaluation_id | self.extra_evaluation_ids
