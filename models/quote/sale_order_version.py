from odoo import api, fields, models
from odoo.fields import Domain

ACTIVITY_TYPE = "construction_crm.mail_activity_type_out_of_date"


class SaleOrder(models.Model):
    """A quote remembers the version of the sheet it was made from, and tells when there is a newer one."""

    _inherit = "sale.order"

    is_out_of_date = fields.Boolean(
        string="Out of Date",
        compute="_compute_is_out_of_date",
        search="_search_is_out_of_date",
        # The flag is no secret to whoever sees the quote, be the sheet another's.
        compute_sudo=True,
        help="The evaluation sheet of this quote has a newer version.",
    )
    newer_evaluation_id = fields.Many2one(
        "construction.evaluation",
        string="Newer Version",
        compute="_compute_is_out_of_date",
        compute_sudo=True,
    )

    # === COMPUTE === #

    @api.depends(
        "state",
        "superseded_by_id",
        "evaluation_id.next_version_ids.state",
        "extra_evaluation_ids.next_version_ids.state",
    )
    def _compute_is_out_of_date(self):
        for order in self:
            newer = order.evaluation_id.browse()
            if order.evaluation_id and order._is_live_quote():
                sheets = order._get_sheets()
                latest = newer.union(*(sheet._get_latest_version() for sheet in sheets))
                newer = (latest - sheets)[:1]
            order.is_out_of_date = bool(newer)
            order.newer_evaluation_id = newer

    def _search_is_out_of_date(self, operator, value):
        if operator != "in":
            return NotImplemented
        newer = [("next_version_ids", "any", [("state", "!=", "cancelled")])]
        return self._get_live_quotes_domain() & (
            Domain("evaluation_id", "any", newer) | Domain("extra_evaluation_ids", "any", newer)
        )

    # === CRUD === #

    def write(self, vals):
        result = super().write(vals)
        if "evaluation_id" in vals or "extra_evaluation_ids" in vals:
            # Made again from the newer version: nothing is left to do.
            current = self.filtered(lambda order: not order.is_out_of_date)
            current.activity_unlink([ACTIVITY_TYPE])
        return result

    # === ACTION === #

    # === BUSINESS === #

    def _is_live_quote(self):
        """Tell whether the quote may still be accepted."""
        return self.state in ("draft", "sent") and not self.superseded_by_id

    @api.model
    def _get_live_quotes_domain(self):
        return Domain("state", "in", ("draft", "sent")) & Domain("superseded_by_id", "=", False)

    def _flag_out_of_date(self, version):
        """Tell the salespeople of these quotes that the sheet has a newer version."""
        for order in self:
            order.message_post(
                body=self.env._(
                    "The evaluation sheet was opened again: %(version)s. This quote was made from %(sheet)s and "
                    "does not know what changes there.",
                    version=version._get_html_link(),
                    sheet=order.evaluation_id.display_name,
                ),
                author_id=self.env.user.partner_id.id,
            )
            order.activity_schedule(
                ACTIVITY_TYPE,
                user_id=order.user_id.id or self.env.uid,
                summary=self.env._("Sheet has a newer version: %(version)s", version=version.display_name),
            )
