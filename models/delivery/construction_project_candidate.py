from odoo import fields, models
from odoo.tools import SQL


class ConstructionProjectCandidate(models.Model):
    """A sold deal whose project has not started, with only what a project manager may know of it.

    Project users have no right on deals, which carry prices and margins: they read this instead.
    """

    _name = "construction.project.candidate"
    _description = "Deal Ready to Start"
    _auto = False
    _order = "date_won, id"
    _depends = {
        "crm.lead": [
            "active",
            "company_id",
            "construction_project_id",
            "construction_type_id",
            "date_closed",
            "name",
            "partner_id",
            "priority",
            "site_id",
            "user_id",
        ],
        "sale.order": ["company_id", "date_order", "opportunity_id", "state"],
    }

    name = fields.Char(string="Deal", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Client", readonly=True)
    site_id = fields.Many2one("res.partner", readonly=True)
    construction_type_id = fields.Many2one("construction.type", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    date_won = fields.Date(string="Ordered On", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    priority = fields.Selection(
        [("0", "Normal priority"), ("1", "Medium priority"), ("2", "High priority"), ("3", "Very high priority")],
        string="Importance",
        readonly=True,
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT lead.id, lead.name, lead.partner_id, lead.site_id, lead.construction_type_id, lead.user_id,
                   lead.priority, sold.company_id, sold.date_won::date AS date_won
              FROM crm_lead lead
              JOIN (SELECT opportunity_id, MIN(company_id) AS company_id, MIN(date_order) AS date_won
                      FROM sale_order
                     WHERE state = 'sale' AND opportunity_id IS NOT NULL
                  GROUP BY opportunity_id) sold ON sold.opportunity_id = lead.id
             WHERE lead.active
               AND lead.construction_type_id IS NOT NULL
               AND lead.construction_project_id IS NULL
            """
        )

    def action_start_project(self):
        """Start the project of this deal. The deal checks the rights."""
        self.ensure_one()
        return self.env["crm.lead"].browse(self.id).action_start_project()
