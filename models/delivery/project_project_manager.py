from odoo import api, fields, models
from odoo.exceptions import AccessError


class ProjectProject(models.Model):
    """Who decides on a project."""

    _inherit = "project.project"

    is_manager = fields.Boolean(
        compute="_compute_is_manager", groups="base.group_user", export_string_translation=False
    )

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_is_manager(self):
        for project in self:
            project.is_manager = project._is_manager()

    def _is_manager(self):
        """Whether the user decides on these projects: their manager, or a project administrator.

        :return: False without a project, unless the user is an administrator
        """
        user = self.env.user
        if self.env.su or user.has_group("project.group_project_manager"):
            return True
        # reason of sudo: only who leads the project is asked
        is_lead = bool(self) and all(project.user_id == user for project in self.sudo())
        return is_lead and user.has_group("project.group_project_user")

    def _check_is_manager(self):
        """Refuse whoever does not decide on these projects.

        :raises AccessError: naming the project and who may
        """
        for project in self:
            if project._is_manager():
                continue
            # reason of sudo: the names of the project and its manager, to say whom to ask
            project_sudo = project.sudo()
            if project_sudo.user_id:
                raise AccessError(
                    self.env._(
                        "Only the manager of %(project)s decides this. Ask %(manager)s, or a project administrator.",
                        project=project_sudo.name,
                        manager=project_sudo.user_id.name,
                    )
                )
            raise AccessError(
                self.env._(
                    "%(project)s has no project manager yet. Ask a project administrator.",
                    project=project_sudo.name,
                )
            )
