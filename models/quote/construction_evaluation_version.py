from odoo import api, fields, models
from odoo.fields import Domain

from ..estimate.price_book import PRICE_GROUPS
from .sale_order_version import ACTIVITY_TYPE


class ConstructionEvaluation(models.Model):
    """A newer version of a sheet puts the quotes of the older ones out of date."""

    _inherit = "construction.evaluation"

    version_order_ids = fields.Many2many(
        "sale.order",
        string="Quotes of All Versions",
        compute="_compute_version_order_ids",
        groups=PRICE_GROUPS,
        help="Which quote was made from which version of this sheet.",
    )

    # === COMPUTE === #

    @api.depends("name", "company_id", "order_ids")
    def _compute_version_order_ids(self):
        for sheet in self:
            orders = self.env["sale.order"]
            if sheet._origin and sheet.name:
                made_from = [("name", "=", sheet.name), ("company_id", "=", sheet.company_id.id)]
                orders = orders.search(
                    Domain("evaluation_id", "any", made_from) | Domain("extra_evaluation_ids", "any", made_from)
                )
            sheet.version_order_ids = orders

    # === CRUD === #

    def unlink(self):
        previous = self.previous_version_id
        result = super().unlink()
        previous._unflag_quotes()
        return result

    # === ACTION === #

    def action_cancel(self):
        result = super().action_cancel()
        self.previous_version_id._unflag_quotes()
        return result

    def action_reset(self):
        cancelled = self.filtered(lambda sheet: sheet.state == "cancelled" and sheet.previous_version_id)
        result = super().action_reset()
        for sheet in cancelled:
            sheet.previous_version_id._flag_quotes(sheet)
        return result

    # === BUSINESS === #

    def _make_new_version(self):
        version = super()._make_new_version()
        self._flag_quotes(version)
        return version

    def _generate_quote(self):
        quote = super()._generate_quote()
        previous = self.previous_version_id
        while previous:
            previous._unflag_quotes()
            previous = previous.previous_version_id
        return quote

    def _get_latest_version(self):
        """Give the newest version after this sheet that was not cancelled, or the sheet itself."""
        self.ensure_one()
        following = self.next_version_ids.filtered(lambda sheet: sheet.state != "cancelled")[:1]
        return following._get_latest_version() if following else self

    def _get_live_quotes(self):
        # sudo: quotes of colleagues are out of date all the same.
        orders = self.env["sale.order"].sudo()
        made_from = Domain("evaluation_id", "in", self.ids) | Domain("extra_evaluation_ids", "in", self.ids)
        return orders.search(orders._get_live_quotes_domain() & made_from)

    def _flag_quotes(self, version):
        self._get_live_quotes()._flag_out_of_date(version)

    def _unflag_quotes(self):
        """Take back what `_flag_quotes` asked for: the newer version is gone, or was quoted."""
        if self:
            self._get_live_quotes().activity_unlink([ACTIVITY_TYPE])
