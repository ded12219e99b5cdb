from odoo import fields, models


class ConstructionPin(models.Model):
    _inherit = "construction.pin"

    project_id = fields.Many2one(
        "project.project",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
    )


class ProjectProject(models.Model):
    """Messages pinned on a project, and those of its deal."""

    _name = "project.project"
    _inherit = ["project.project", "construction.pin.mixin"]

    def _get_pins(self):
        """Its own pins and those of its deal.

        Whoever pins a message on a deal shows it to those who build, too: they read what is pinned, not the deal.
        """
        projects = self.filtered("construction_type_id")
        if not projects:
            return {}
        # sudo: those who build may not read the deal
        deals = projects.sudo().lead_id
        domain = ["|", ("project_id", "in", projects.ids), ("lead_id", "in", deals.ids)]
        # sudo: see above; which project is asked for was checked with the field
        pins = self.env["construction.pin"].sudo().search(domain)
        return {
            project: pins.filtered(
                lambda pin, project=project, deal=project.sudo().lead_id: (
                    pin.project_id == project or (deal and pin.lead_id == deal)
                )
            )
            for project in projects
        }

    def _prepare_pin_link(self):
        return {"project_id": self.id}
