from odoo import api, fields, models


class ConstructionMember(models.Model):
    """One person of a job's own team: what he is on it."""

    _name = "construction.member"
    _description = "Member of a Deal's Team"
    _order = "lead_id, sequence, id"
    _check_company_auto = True

    lead_id = fields.Many2one("crm.lead", string="Deal", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="lead_id.company_id")
    sequence = fields.Integer(default=10)
    role_id = fields.Many2one("project.role", required=True, index=True, ondelete="restrict")
    user_id = fields.Many2one(
        "res.users",
        domain="[('share', '=', False)]",
        check_company=True,
        index="btree_not_null",
        ondelete="cascade",
        help="Takes the tasks of this role when the project starts.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Person without a Login",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Somebody of the team who does not work in Odoo: tasks of the role stay unassigned.",
    )
    note = fields.Char(help="What this person does on the job, when he is there.")

    _member_uniq = models.UniqueIndex(
        "(lead_id, role_id, user_id) WHERE user_id IS NOT NULL",
        "This person already has this role on the deal.",
    )

    # === COMPUTE === #

    @api.depends("user_id", "partner_id", "role_id")
    def _compute_display_name(self):
        for member in self:
            person = member._get_person_name() or self.env._("Nobody yet")
            member.display_name = f"{person} ({member.role_id.name or ''})"

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create(vals_list)
        members._follow()
        return members

    def write(self, vals):
        result = super().write(vals)
        if vals.get("user_id") or vals.get("lead_id"):
            self._follow()
        return result

    # === BUSINESS === #

    def _follow(self):
        """Have the members follow what they work on."""
        # sudo: whoever may put someone on the team has him told, too
        for member in self.sudo().filtered("user_id"):
            for document in member._get_followed():
                document.message_subscribe(member.user_id.partner_id.ids)

    def _get_followed(self):
        """The records a member of the team follows, one recordset each."""
        self.ensure_one()
        return [self.lead_id]

    def _get_person_name(self):
        """Give who this is, empty while nobody was chosen."""
        # sudo: names of colleagues and of helpers are no secret within the firm
        member = self.sudo()
        return member.user_id.name or member.partner_id.name or ""

    def _relink_lead(self, lead):
        """Carry these members over to another deal, but for those it has already."""
        known = {(member.role_id, member.user_id, member.partner_id) for member in lead.member_ids}
        for member in self:
            key = (member.role_id, member.user_id, member.partner_id)
            if key not in known:
                known.add(key)
                member.lead_id = lead
