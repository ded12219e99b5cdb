from odoo import api, fields, models
from odoo.tools import SQL

MANUAL = "manual"


def keep_amount(leads):
    """What these deals followed goes with the addon: their amount stays, and nothing is written in their history."""
    if leads:
        leads.env.cr.execute(SQL("UPDATE crm_lead SET amount_mode = %s WHERE id IN %s", MANUAL, tuple(leads.ids)))
        leads.invalidate_recordset(["amount_mode"])


class ConstructionType(models.Model):
    _inherit = "construction.type"

    amount_mode = fields.Selection(
        [(MANUAL, "Entered by Hand")],
        string="Amount of Deals",
        default=MANUAL,
        required=True,
        help="What the expected revenue of a new deal of this type follows.",
    )


class CrmLead(models.Model):
    """What the expected revenue of a deal follows."""

    _inherit = "crm.lead"

    amount_mode = fields.Selection(
        [(MANUAL, "Entered by Hand")],
        string="Amount Follows",
        compute="_compute_amount_mode",
        # Stored: each deal may differ from its type; precomputed, so that a new deal costs no query.
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="What the expected revenue follows. Typing another figure over it sets this to Entered by Hand.",
    )
    expected_revenue = fields.Monetary(
        compute="_compute_expected_revenue",
        store=True,
        readonly=False,
    )
    # What somebody expected before there was anything to follow: it holds again when that is gone.
    amount_by_hand = fields.Monetary(
        string="Own Estimate",
        compute="_compute_expected_revenue",
        store=True,
        copy=False,
        currency_field="company_currency",
    )
    is_amount_followed = fields.Boolean(
        compute="_compute_expected_revenue",
        # Stored: tells a figure that was typed from one that was followed.
        store=True,
        copy=False,
        export_string_translation=False,
    )

    # === COMPUTE === #

    @api.depends("construction_type_id")
    def _compute_amount_mode(self):
        for lead in self:
            lead.amount_mode = lead.amount_mode or lead.construction_type_id.amount_mode

    @api.depends("amount_mode")
    def _compute_expected_revenue(self):
        """Follow what was chosen; where there is nothing to follow, the figure that was typed stands.

        Stock's own leads have no mode: they keep what they have.
        """
        for lead in self:
            amount = lead._get_amount_by_mode() if (lead.amount_mode or MANUAL) != MANUAL else None
            typed = lead.amount_by_hand if lead.is_amount_followed else lead.expected_revenue
            if amount is not None:
                revenue = amount
            elif lead.amount_mode == MANUAL:
                revenue = lead.expected_revenue
            else:
                revenue = typed
            lead.amount_by_hand = typed if amount is not None else 0.0
            lead.is_amount_followed = amount is not None
            lead.expected_revenue = revenue

    # === CRUD === #

    def write(self, vals):
        if "expected_revenue" not in vals:
            return super().write(vals)
        followed = self.filtered("is_amount_followed")
        if not followed:
            return super().write(vals)
        typed = vals["expected_revenue"]
        keeps_following = vals.get("amount_mode", MANUAL) != MANUAL
        changed = self.browse() if keeps_following else followed.filtered(lambda lead: lead._is_other_amount(typed))
        if changed:
            changed._log_amount_by_hand()
            super(CrmLead, changed).write({**vals, "amount_mode": MANUAL})
        # The form and a merge send back the figure they were shown.
        own = {name: value for name, value in vals.items() if name != "expected_revenue"}
        super(CrmLead, followed - changed).write(own)
        return super(CrmLead, self - followed).write(vals)

    # === BUSINESS === #

    def _is_other_amount(self, amount):
        self.ensure_one()
        currency = self.company_currency or self.env.company.currency_id
        return bool(currency.compare_amounts(amount or 0.0, self.expected_revenue))

    def _log_amount_by_hand(self):
        """Say in the history why these deals follow nothing any more."""
        for lead in self:
            labels = dict(self._fields["amount_mode"]._description_selection(self.env))
            lead._track_set_log_message(
                self.env._(
                    "The expected revenue was entered by hand; it no longer follows: %(mode)s.",
                    mode=labels.get(lead.amount_mode, ""),
                )
            )

    # === HOOKS === #

    def _get_amount_by_mode(self):
        """What the expected revenue of this deal follows, by its `amount_mode`; the rooms below add their modes.

        Called with sudo, for one deal at a time, with the records of all of them read ahead.

        :return: an amount without taxes in the currency of the deal's company, or None while there is nothing to
            follow
        """
        self.ensure_one()
        return None
