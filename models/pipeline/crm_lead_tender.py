from odoo import api, fields, models
from odoo.fields import Domain

# What a merged deal takes from the others where it has none of its own.
MERGED_FIELDS = ("date_tender", "date_tender_questions", "tender_reference", "date_tender_sent")


class CrmLead(models.Model):
    """Until when the offer has to be handed in, and what was asked about it before."""

    _inherit = "crm.lead"

    date_tender = fields.Datetime(
        string="Tender Deadline",
        copy=False,
        tracking=True,
        index="btree_not_null",
        help="Until when the offer has to be handed in. The salesperson is reminded some days before.",
    )
    date_tender_questions = fields.Date(
        string="Questions Until",
        copy=False,
        help="The last day on which the client takes questions about the tender.",
    )
    tender_reference = fields.Char(
        copy=False,
        help="Number of the tender, and the portal or the address where the offer is handed in.",
    )
    date_tender_sent = fields.Datetime(
        string="Handed In On",
        copy=False,
        help="When the offer was handed in. Filled in when a quote of this deal is sent; clear it when a further "
        "offer is asked for.",
    )
    is_tender_missed = fields.Boolean(
        string="Tender Missed",
        compute="_compute_is_tender_missed",
        search="_search_is_tender_missed",
        help="The deadline has passed, the deal is open, and no offer was handed in.",
    )
    clarification_ids = fields.One2many(
        "construction.clarification",
        "lead_id",
        string="Clarifications",
        help="What was asked about the tender, and what the answer was.",
    )

    # === COMPUTE === #

    @api.depends("date_tender", "date_tender_sent", "won_status", "active")
    def _compute_is_tender_missed(self):
        now = fields.Datetime.now()
        for lead in self:
            lead.is_tender_missed = lead._is_tender_open() and lead.date_tender < now

    def _search_is_tender_missed(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.AND(
            [
                Domain("construction_type_id", "!=", False),
                Domain("date_tender", "<", fields.Datetime.now()),
                Domain("date_tender_sent", "=", False),
                Domain("won_status", "=", "pending"),
                Domain("active", "=", True),
            ]
        )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        if any(vals.get("date_tender") for vals in vals_list):
            leads._remind_of_tenders(renew=True)
        return leads

    def write(self, vals):
        # Those that get a deadline only now may have their offer out already.
        fresh = self.browse()
        if vals.get("date_tender") and "date_tender_sent" not in vals:
            fresh = self.filtered(lambda lead: not lead.date_tender and not lead.date_tender_sent)
        result = super().write(vals)
        if vals.keys() & {"date_tender", "date_tender_sent"}:
            for lead in fresh:
                sent = lead._get_offer_date()
                if sent:
                    super(CrmLead, lead).write({"date_tender_sent": sent})
            self._remind_of_tenders(renew=True)
        elif "user_id" in vals:
            # Only then: a lead without a tender asks nothing for it.
            self.filtered("date_tender")._remind_of_tenders()
        return result

    # === ACTION === #

    def action_view_tender(self):
        """Open this deal as a tender: its deadlines, what was asked, its bonds."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("construction_crm.crm_lead_action_tender_form")
        return {**action, "res_id": self.id, "context": {**self.env.context, "create": False}}

    def action_view_deal(self):
        """Open this deal as such, from where it is shown as a tender."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lead",
            "res_id": self.id,
            "views": [(self.env.ref("crm.crm_lead_view_form").id, "form")],
        }

    def action_view_clarifications(self):
        """Show what was asked about this tender as a list, to be sorted, exported and printed."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("construction_crm.construction_clarification_action")
        action["domain"] = [("lead_id", "=", self.id)]
        action["context"] = {"default_lead_id": self.id}
        return action

    def action_print_clarifications(self):
        """Print the clarifications chosen to go along with the offer."""
        self.ensure_one()
        return self.clarification_ids._print_log()

    # === BUSINESS === #

    def _is_tender_open(self):
        """Whether an offer still has to be handed in, in time or too late."""
        self.ensure_one()
        return bool(
            self.construction_type_id
            and self.date_tender
            and not self.date_tender_sent
            and self.active
            and self.won_status == "pending"
        )

    def _hand_in_tenders(self, date):
        """Note that the offers of these deals were handed in; those handed in before stay as they are.

        :param datetime date: UTC
        """
        self.filtered(
            lambda lead: lead.construction_type_id and lead.date_tender and not lead.date_tender_sent
        ).date_tender_sent = date

    # === HOOKS === #

    def _get_offer_date(self):
        """When an offer of this deal was last sent, UTC; False where none was. The room of the quotes knows."""
        self.ensure_one()
        return False

    def _handle_won_lost(self, old_status_by_lead, new_status_by_lead):
        result = super()._handle_won_lost(old_status_by_lead, new_status_by_lead)
        self.filtered("date_tender")._remind_of_tenders(renew=True)
        return result

    def _merge_get_fields(self):
        return [*super()._merge_get_fields(), *MERGED_FIELDS]

    def _merge_dependences(self, opportunities):
        """Carry the clarifications of merged deals over to the one that remains, behind those it has."""
        result = super()._merge_dependences(opportunities)
        # sudo: whoever may merge the deals may not see every clarification
        opportunities.sudo().clarification_ids.write({"lead_id": self.id})
        return result
