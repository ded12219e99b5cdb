from odoo import api, fields, models


class ProjectProject(models.Model):
    """How a project starts from a won deal; ``crm.lead._start_project`` checks the rights and calls this with sudo."""

    _inherit = "project.project"

    @api.model
    def _create_construction_project(self, lead, orders, values):
        """Create the project of a won deal, with the tasks of its template and without stages yet.

        :param lead: the deal, with the rights to read it
        :param orders: its confirmed orders, the oldest first
        :param dict values: what the wizard asks, see ``crm.lead._prepare_start_values``
        """
        project_values = self._prepare_construction_project_values(lead, orders, values)
        template = self.browse(values.get("template_id"))
        if not template:
            project = self.create(project_values)
            project.type_ids = project._get_default_task_stages()
            return project
        milestones = {}  # filled by stock while it copies
        source = template.with_context(milestone_mapping=milestones)
        # No tasks: stock copies them one by one (12 queries each) and fails on long chains of dependencies.
        project = source.action_create_from_template({**project_values, "tasks": []})
        project = self.browse(project.id)
        template._copy_template_dates(project, milestones)
        template._copy_template_tasks(project, milestones, values.get("roles") or {})
        if not project.type_ids:
            project.type_ids = project._get_default_task_stages()
        return project

    @api.model
    def _prepare_construction_project_values(self, lead, orders, values):
        return {
            **self._prepare_construction_link_values(lead, orders),
            "name": values["name"],
            "partner_id": orders[0].partner_id.id,
            "company_id": orders[0].company_id.id,
            "user_id": values["user_id"],
            "date_start": values["date_start"],
            "date": values.get("date"),
            "task_detail": values.get("task_detail") or lead.construction_type_id.task_detail,
        }

    @api.model
    def _prepare_construction_link_values(self, lead, orders):
        """Values that make any project the construction project of a deal."""
        ordered = min(orders.filtered("date_order").mapped("date_order"), default=False)
        ordered = ordered and fields.Datetime.context_timestamp(self, ordered).date()
        signed = lead.contract_ids.filtered(lambda contract: contract.state != "cancelled")
        stages = lead.construction_type_id._get_project_stages(orders[0].company_id)
        values = {
            "lead_id": lead.id,
            "construction_type_id": lead.construction_type_id.id,
            "site_id": lead.site_id.id,
            "priority": lead.priority or "0",
            "date_approved": signed[:1].date_signed or ordered,
            "allow_billable": True,
            "allow_milestones": True,
        }
        if stages:
            values["stage_id"] = stages[0].id
        return values

    def _adopt_for_lead(self, lead, orders, values):
        """Make a project that stock created for one of the orders the deal's construction project."""
        self.ensure_one()
        links = self._prepare_construction_link_values(lead, orders)
        if not self.user_id:
            links["user_id"] = values["user_id"]
        if not self.partner_id:
            links["partner_id"] = orders[0].partner_id.id
        self.write(links)
        if not self.task_detail:
            self.task_detail = values.get("task_detail") or lead.construction_type_id.task_detail
        if not self.type_ids:
            self.type_ids = self._get_default_task_stages()

    def _get_default_task_stages(self):
        """Columns for the tasks of a project without a template: those of the last such project, else new ones."""
        self.ensure_one()
        previous = self.search(
            [
                ("id", "!=", self.id),
                ("construction_type_id", "=", self.construction_type_id.id),
                ("company_id", "=", self.company_id.id),
                ("type_ids", "!=", False),
                ("is_template", "=", False),
            ],
            order="id desc",
            limit=1,
        )
        if previous:
            return previous.type_ids
        columns = [
            (self.env._("To Do"), False),
            (self.env._("In Progress"), False),
            (self.env._("Done"), False),
            (self.env._("Cancelled"), True),
        ]
        return self.env["project.task.type"].create(
            [{"name": name, "fold": fold, "sequence": 5 * index} for index, (name, fold) in enumerate(columns, start=1)]
        )

    def _set_up_stages(self, rows):
        """Give the project its stages of works as dated milestones.

        :param rows: dicts ``project_stage_id``, ``date_start``, ``deadline``, ``weight`` in order; a milestone of
            the template for the same stage takes the dates instead of a second one being made
        """
        self.ensure_one()
        stages = self.env["project.project.stage"].browse(row["project_stage_id"] for row in rows)
        existing = {m.project_stage_id.id: m for m in self.milestone_ids if m.project_stage_id}
        new_values = []
        for sequence, (stage, row) in enumerate(zip(stages, rows, strict=True), start=1):
            values = {
                "sequence": sequence,
                "date_start": row.get("date_start"),
                "deadline": row.get("deadline"),
                "weight": row.get("weight", 0.0),
            }
            if milestone := existing.get(stage.id):
                milestone.with_context(tracking_disable=True).write(values)
            else:
                new_values.append(
                    {
                        **values,
                        "name": stage.name,
                        "project_id": self.id,
                        "project_stage_id": stage.id,
                        # Given: stock would search for an order line invoiced by milestones.
                        "sale_line_id": False,
                    }
                )
        return self.env["project.milestone"].with_context(tracking_disable=True).create(new_values)

    def _link_orders(self, orders):
        """Make this project the one of the orders, so that stock's own buttons lead here too."""
        self.ensure_one()
        if not self.reinvoiced_sale_order_id:
            self.reinvoiced_sale_order_id = orders[0]
        orders = orders.filtered(lambda order: not order.project_id)
        lines = orders.order_line
        # Stock would search the distribution models again, twice a line: nothing but the project changes.
        distribution = lines._fields["analytic_distribution"]
        with self.env.protecting([distribution], lines):
            orders.write({"project_id": self.id})
        lines._add_project_analytic_accounts(self)

    def _subscribe_team(self):
        """Let the manager, whoever starts the project and the team of the deal follow it."""
        self.ensure_one()
        self.message_subscribe((self.user_id | self.env.user | self.lead_id.member_ids.user_id).partner_id.ids)

    def _schedule_kick_off(self):
        """Ask the manager to open the works with the team."""
        self.ensure_one()
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=max(self.date_start or fields.Date.today(), fields.Date.context_today(self)),
            summary=self.env._("Kick-off: %(project)s", project=self.name),
            note=self.env._(
                "Read the job transfer and accept it, or return it with what is missing. Check the stages, their dates "
                "and who does what, then open the works with the team."
            ),
            user_id=self.user_id.id or self.env.uid,
        )

    def _find_orders_project(self, lead, orders):
        """Return the project stock made for these orders, if it is theirs alone."""
        candidates = (
            orders.project_id
            | orders.order_line.project_id
            | self.search([("reinvoiced_sale_order_id", "in", orders.ids)])
        )
        client = orders.partner_id.commercial_partner_id
        for project in candidates.sorted("id"):
            if (
                not project.active
                or project.is_template
                or (project.lead_id and project.lead_id != lead)
                or (project.partner_id and project.partner_id.commercial_partner_id not in client)
                or (project.company_id and project.company_id not in orders.company_id)
            ):
                continue
            others = self.env["sale.order"].search_count(
                [("project_id", "=", project.id), ("id", "not in", orders.ids), ("state", "!=", "cancel")],
                limit=1,
            )
            if not others:
                return project
        return self.browse()
