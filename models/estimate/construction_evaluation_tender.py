from odoo import api, fields, models
from odoo.tools import float_round

from .fault import Fault
from .price_book import PRICE_GROUPS


class ConstructionEvaluation(models.Model):
    """Sheets that price somebody else's tender, which goes back with its own numbers."""

    _inherit = "construction.evaluation"

    # A tender that was priced before holds prices.
    tender_file = fields.Binary(
        attachment=True,
        copy=True,
        groups=PRICE_GROUPS,
        help="The file the client sent. The offer goes back in its structure, with its numbers and identifiers.",
    )
    tender_filename = fields.Char(copy=True, export_string_translation=False)

    # === ACTION === #

    def action_give_prices(self):
        """Keep the unit prices of today as given ones, rounded as prices are: an offer multiplies them by quantities.

        :raise UserError: on a sheet that does not change any more
        """
        self._check_can_check()
        self._check_not_locked()
        digits = self.env["decimal.precision"].precision_get("Product Price")
        for sheet in self.filtered(lambda sheet: sheet.price_source != "given"):
            prices = {line: float_round(line.price_unit, precision_digits=digits) for line in sheet.line_ids}
            sheet.price_source = "given"
            for line, price in prices.items():
                line.write({"price_given": price, "amount_correction": 0.0})

    # === BUSINESS === #

    def _get_quoted_lines(self):
        """What is priced and not counted is no part of a quote."""
        return super()._get_quoted_lines().filtered(lambda line: not line.is_optional)


class ConstructionEvaluationLine(models.Model):
    _inherit = "construction.evaluation.line"

    reference = fields.Char(
        string="Number",
        copy=True,
        help="Number of the item in the bill of quantities it comes from, such as 01.02.0010.",
    )
    short_name = fields.Char(string="Short Text", compute="_compute_short_name")
    is_optional = fields.Boolean(
        string="Not Counted",
        copy=True,
        help="The client asks for the unit price only, of an alternative or of what may be needed: the item is not in "
        "the total and not in the quote.",
    )

    # === COMPUTE === #

    @api.depends("product_id")
    def _compute_name(self):
        """The words of a client's position stay, whatever product is chosen for it."""
        kept = self.filtered(lambda line: line.reference and line.name)
        return super(ConstructionEvaluationLine, self - kept)._compute_name()

    @api.depends("name")
    def _compute_short_name(self):
        for line in self:
            line.short_name = (line.name or "").strip().partition("\n")[0]

    @api.depends("is_optional")
    def _compute_price(self):
        result = super()._compute_price()
        for line in self.filtered("is_optional"):
            if not line.evaluation_id._is_locked():
                line.price_subtotal = line.price_raw = 0.0
        return result

    # === BUSINESS === #

    def _get_faults(self):
        """An item that is not counted needs nothing, its unit price apart."""
        counted = self.filtered(lambda line: not line.is_optional)
        faults = super(ConstructionEvaluationLine, counted)._get_faults()
        if not self.evaluation_id._user_sees_prices():
            return faults
        for line in self - counted:
            if line.currency_id.is_zero(line.price_unit):
                message = self.env._("%(item)s has no unit price, which the client asks for.", item=line._get_label())
                faults.append(Fault("price", line, message, is_office=True))
        return faults
