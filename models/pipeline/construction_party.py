from odoo import api, fields, models


class ConstructionPartyRole(models.Model):
    """What someone is on a job: its owner, its architect, who pays for it…"""

    _name = "construction.party.role"
    _description = "Role of a Party"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    receives_quote = fields.Boolean(
        string="Gets Quotes",
        help="Proposed as a recipient when a quote of the deal is sent.",
    )
    receives_invoice = fields.Boolean(
        string="Gets Invoices",
        help="Proposed as a recipient when an invoice of the deal's payment plan is sent.",
    )
    receives_report = fields.Boolean(
        string="Gets Reports",
        help="Proposed as a recipient of reports on how the works go on.",
    )


class ConstructionParty(models.Model):
    """A client or contact with a role on a deal."""

    _name = "construction.party"
    _description = "Party of a Deal"
    _order = "lead_id, sequence, id"
    _check_company_auto = True

    lead_id = fields.Many2one("crm.lead", string="Deal", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="lead_id.company_id")
    sequence = fields.Integer(default=10)
    partner_id = fields.Many2one(
        "res.partner",
        string="Party",
        required=True,
        check_company=True,
        index=True,
        ondelete="restrict",
    )
    role_id = fields.Many2one("construction.party.role", required=True, index=True, ondelete="restrict")
    email = fields.Char(related="partner_id.email", readonly=True)
    phone = fields.Char(related="partner_id.phone", readonly=True)
    # Proposed by the role, changed by hand.
    receives_quote = fields.Boolean(
        string="Gets Quotes",
        compute="_compute_receives",
        store=True,
        readonly=False,
        help="Proposed as a recipient when a quote of the deal is sent.",
    )
    receives_invoice = fields.Boolean(
        string="Gets Invoices",
        compute="_compute_receives",
        store=True,
        readonly=False,
        help="Proposed as a recipient when an invoice of the deal's payment plan is sent.",
    )
    receives_report = fields.Boolean(
        string="Gets Reports",
        compute="_compute_receives",
        store=True,
        readonly=False,
        help="Proposed as a recipient of reports on how the works go on.",
    )
    note = fields.Char(help="When and how to reach them, what they decide.")

    _party_uniq = models.UniqueIndex(
        "(lead_id, partner_id, role_id)",
        "This party already has this role on the deal.",
    )

    # === COMPUTE === #

    @api.depends("partner_id", "role_id")
    def _compute_display_name(self):
        for party in self:
            party.display_name = f"{party.partner_id.display_name or ''} ({party.role_id.name or ''})"

    @api.depends("role_id")
    def _compute_receives(self):
        for party in self:
            party.receives_quote = party.role_id.receives_quote
            party.receives_invoice = party.role_id.receives_invoice
            party.receives_report = party.role_id.receives_report

    # === BUSINESS === #

    def _get_recipients(self, what):
        """The parties that get something, as partners with an e-mail address.

        :param str what: "quote", "invoice" or "report"
        :return: res.partner, in the order of the parties
        """
        return self.filtered(f"receives_{what}").partner_id.filtered("email")

    def _relink_lead(self, lead):
        """Carry these parties over to another deal, but for those it has already."""
        known = {(party.partner_id, party.role_id) for party in lead.party_ids}
        for party in self:
            key = (party.partner_id, party.role_id)
            if key not in known:
                known.add(key)
                party.lead_id = lead
