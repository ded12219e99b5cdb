from odoo import api, models
from odoo.fields import Command


class CrmLead(models.Model):
    """Roles and the people who take them, from the deal into its project, and from one project to the next."""

    _inherit = "crm.lead"

    def _get_roles_to_fill(self, template):
        """Give the roles somebody has to take: those of the template's tasks, then those of the deal's team."""
        tasks = self.env["project.task"].with_context(active_test=False)
        roles = tasks.search([("project_id", "=", template.id), ("role_ids", "!=", False)]).role_ids
        return (roles.filtered("active") | self.member_ids.role_id).sorted(lambda role: (role.sequence, role.id))

    def _propose_people(self, roles):
        """Propose who takes these roles: the deal's team, else whoever took them in the last project of the type.

        :return: dict of role → users
        """
        self.ensure_one()
        people = dict.fromkeys(roles, self.env["res.users"])
        for member in self.member_ids:
            if member.role_id in people:
                people[member.role_id] |= member.user_id
        open_roles = [role for role in roles if not people[role] and role not in self.member_ids.role_id]
        for role, users in self._get_last_people(open_roles).items():
            people[role] = users
        return people

    def _get_last_people(self, roles):
        """Give who took these roles in the last project of this deal's type in its company: dict of role → users."""
        if not roles:
            return {}
        company = self._get_orders_to_start().company_id[:1] or self.company_id
        members = self.env["construction.member"].search(
            [
                ("role_id", "in", [role.id for role in roles]),
                ("user_id.active", "=", True),
                ("lead_id", "!=", self.id),
                ("project_id.construction_type_id", "=", self.construction_type_id.id),
                ("project_id.company_id", "=", company.id),
            ],
            order="project_id desc, id",
        )
        people = {}
        for role, own in members.grouped("role_id").items():
            last = own[0].project_id
            people[role] = own.filtered(lambda member: member.project_id == last).user_id  # noqa: B023
        return people

    @api.model
    def _name_people_without_user(self, members):
        """Give the names of members who have no login, for a role that stays unassigned."""
        return ", ".join(name for name in (member._get_person_name() for member in members) if name)

    def _remember_team(self, roles):
        """Keep who took which role: on the deal's team, so that the next project of this type proposes them.

        :param dict roles: role id → user ids, as the wizard asked
        """
        self.ensure_one()
        known = {(member.role_id.id, member.user_id.id) for member in self.member_ids}
        wanted = [(role_id, user_id) for role_id, user_ids in roles.items() for user_id in user_ids]
        new = [pair for pair in wanted if pair not in known]
        nobody = self.member_ids.filtered(lambda member: not member.user_id and not member.partner_id)
        answered = {role_id for role_id, _user_id in new}
        # A role that waited for somebody has somebody now.
        nobody.filtered(lambda member: member.role_id.id in answered).unlink()
        if new:
            self.member_ids = [Command.create({"role_id": role_id, "user_id": user_id}) for role_id, user_id in new]
