from odoo import fields, models


class ConstructionPlace(models.Model):
    """A place on a site: a room, a floor, a facade. Typed once, proposed from then on."""

    _name = "construction.place"
    _description = "Place on Site"
    _order = "name, id"

    name = fields.Char(required=True)
    project_id = fields.Many2one("project.project", required=True, index=True, ondelete="cascade")
    # Stored: record rules ask for it.
    company_id = fields.Many2one(related="project_id.company_id", store=True, precompute=True)

    _name_project_uniq = models.UniqueIndex(
        "(project_id, lower(name))",
        "This project already has a place of this name.",
    )
