from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ConstructionCompetitor(models.Model):
    """A rival who bids for the same job."""

    _name = "construction.competitor"
    _description = "Competitor on a Deal"
    _order = "lead_id desc, sequence, id"
    _check_company_auto = True

    lead_id = fields.Many2one("crm.lead", string="Deal", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="lead_id.company_id")
    user_id = fields.Many2one(related="lead_id.user_id", string="Salesperson")
    client_id = fields.Many2one(related="lead_id.partner_id", string="Client")
    construction_type_id = fields.Many2one(related="lead_id.construction_type_id")
    lost_reason_id = fields.Many2one(related="lead_id.lost_reason_id")
    sequence = fields.Integer(default=10)
    partner_id = fields.Many2one(
        "res.partner",
        string="Competitor",
        required=True,
        check_company=True,
        index=True,
        ondelete="restrict",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    amount = fields.Monetary(string="Price", help="What the competitor asks for the job, where you know it.")
    outcome = fields.Selection(
        [("open", "Still Bidding"), ("won", "Got the Job"), ("lost", "Did Not Get It")],
        default="open",
        required=True,
        index=True,
        help="Follows the deal: once you win it they lost; when you lose it you are asked who got the job.",
    )
    # Those whose outcome came with the end of the deal are open again when the deal is.
    is_outcome_of_deal = fields.Boolean(copy=False, export_string_translation=False)
    date_outcome = fields.Date(string="Decided On", copy=False, readonly=True)
    note = fields.Char(help="What speaks for them and against them.")

    _partner_uniq = models.UniqueIndex(
        "(lead_id, partner_id)",
        "This competitor already stands on the deal.",
    )
    _amount_not_negative = models.Constraint(
        "CHECK(amount >= 0)",
        "The price of a competitor cannot be negative.",
    )

    # === COMPUTE === #

    @api.depends("lead_id.company_currency")
    def _compute_currency_id(self):
        for competitor in self:
            competitor.currency_id = competitor.lead_id.company_currency or self.env.company.currency_id

    @api.depends("partner_id", "lead_id")
    def _compute_display_name(self):
        for competitor in self:
            competitor.display_name = competitor.partner_id.display_name or ""

    # === CONSTRAINT === #

    @api.constrains("lead_id", "outcome")
    def _check_one_winner(self):
        for competitor in self.filtered(lambda rival: rival.outcome == "won"):
            if competitor.lead_id.won_status == "won":
                raise ValidationError(
                    self.env._(
                        "You won the deal %(deal)s, so %(competitor)s cannot have got it.",
                        deal=competitor.lead_id.name,
                        competitor=competitor.partner_id.display_name,
                    )
                )
            others = competitor.lead_id.competitor_ids.filtered(lambda rival: rival.outcome == "won") - competitor
            if others:
                raise ValidationError(
                    self.env._(
                        "%(other)s already got the deal %(deal)s: only one competitor can.",
                        other=others[0].partner_id.display_name,
                        deal=competitor.lead_id.name,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("outcome", "open") != "open":
                vals.setdefault("date_outcome", fields.Date.context_today(self))
        competitors = super().create(vals_list)
        competitors._settle_others()
        return competitors

    def write(self, vals):
        if "outcome" in vals and "date_outcome" not in vals:
            decided = vals["outcome"] != "open"
            vals = {**vals, "date_outcome": fields.Date.context_today(self) if decided else False}
            vals.setdefault("is_outcome_of_deal", False)
        result = super().write(vals)
        if vals.get("outcome") == "won":
            self._settle_others()
        return result

    # === BUSINESS === #

    def _settle(self, outcome):
        """Give these competitors the outcome that follows from the end of their deal."""
        if self:
            self.write({"outcome": outcome, "is_outcome_of_deal": True})

    def _settle_others(self):
        """On a lost deal, who turns out to have got the job leaves it to nobody else."""
        for winner in self:
            if winner.outcome == "won" and winner.lead_id.won_status == "lost":
                others = winner.lead_id.competitor_ids - winner
                others.filtered(lambda rival: rival.outcome == "open")._settle("lost")

    def _reopen(self):
        """The deal is open again: so is what followed from its end."""
        followed = self.filtered("is_outcome_of_deal")
        if followed:
            followed.write({"outcome": "open", "is_outcome_of_deal": False})

    def _relink_lead(self, lead):
        """Carry these competitors over to another deal, but for those it has already."""
        known = set(lead.competitor_ids.partner_id)
        for competitor in self:
            if competitor.partner_id not in known:
                known.add(competitor.partner_id)
                competitor.lead_id = lead
