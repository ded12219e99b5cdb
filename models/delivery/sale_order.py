from odoo import fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # Related fields are read with sudo: a salesperson without project rights sees that the works have started.
    construction_project_id = fields.Many2one(
        related="opportunity_id.construction_project_id",
        string="Construction Project",
    )
    construction_project_stage_id = fields.Many2one(
        related="opportunity_id.project_stage_id",
        string="Stage of the Works",
    )
    deal_construction_type_id = fields.Many2one(
        related="opportunity_id.construction_type_id",
        string="Type of the Deal",
        export_string_translation=False,
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    def _compute_project_ids(self):  # pylint: disable=missing-return
        """Stock searches by a field of projects that only salespeople may read: accountants' forms would not open."""
        if self.env.su or self.env.user.has_group("sales_team.group_sale_salesman"):
            super()._compute_project_ids()
            return
        # sudo: only the search; what the user may not read of the projects found is taken out below
        orders = self.sudo()
        super(SaleOrder, orders)._compute_project_ids()
        for order, order_sudo in zip(self, orders, strict=True):
            projects = order_sudo.project_ids.sudo(False)._filtered_access("read")
            order.project_ids = projects
            order.project_count = len(projects.filtered("active"))

    def _compute_show_project_and_task_button(self):  # pylint: disable=missing-return
        """A construction quote starts its project from the deal: stock's Create Project would make a bare one."""
        super()._compute_show_project_and_task_button()
        for order in self.filtered("opportunity_id"):
            # sudo: a project manager may not read the deal; only its kind is asked.
            if order.sudo().opportunity_id.construction_type_id:
                order.show_create_project_button = False

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_create_project(self):
        """Stock's Create Project of the gear menu: on a construction order it starts the project of the deal."""
        self.ensure_one()
        # sudo: as in `_compute_show_project_and_task_button`
        if self.sudo().opportunity_id.construction_type_id:
            return self.action_start_project()
        return super().action_create_project()

    def action_start_project(self):
        """Start the project of this order's deal, or open it."""
        self.ensure_one()
        lead = self._get_deal_to_start()
        return lead.action_start_project()

    def action_view_construction_project(self):
        self.ensure_one()
        return self.construction_project_id.action_view_construction_project()

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _get_deal_to_start(self):
        # sudo: a project manager may not read the deal; only the link is taken, the deal checks the rights.
        lead = self.sudo().opportunity_id.sudo(False)
        if not lead:
            raise UserError(
                self.env._(
                    "The order %(order)s belongs to no deal. Set its deal first: the project starts from there.",
                    order=self.sudo().name,  # sudo: the caller named this order
                )
            )
        return lead
