from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import clean_context

from ...core.delivery.weights import split_by_largest_remainder
from ..pipeline.row_lock import touch
from .work_days import WorkDays


class CrmLead(models.Model):
    _inherit = "crm.lead"

    project_ids = fields.One2many("project.project", "lead_id", string="Projects")
    # Stored: lists filter on it, and each start then changes the deal's row, so that of two concurrent starts the
    # second is retried and finds the first one's project.
    construction_project_id = fields.Many2one(
        "project.project",
        string="Project",
        compute="_compute_construction_project_id",
        store=True,
        index="btree_not_null",
        ondelete="set null",
        help="The running project of this deal.",
    )
    # Related fields are read with sudo: a salesperson without project rights sees how the works stand.
    project_stage_id = fields.Many2one(
        related="construction_project_id.construction_stage_id",
        string="Stage of the Works",
    )
    project_manager_id = fields.Many2one(
        related="construction_project_id.user_id",
        string="Project Manager",
    )
    can_start_project = fields.Boolean(compute="_compute_can_start_project", export_string_translation=False)
    can_top_up_project = fields.Boolean(compute="_compute_can_start_project", export_string_translation=False)

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("project_ids.active")
    def _compute_construction_project_id(self):
        for lead in self:
            lead.construction_project_id = lead.project_ids.filtered("active")[:1]

    @api.depends("construction_type_id", "construction_project_id", "order_ids.state", "order_ids.project_id")
    def _compute_can_start_project(self):
        for lead in self:
            sold = lead.order_ids.filtered(lambda order: order.state == "sale") if lead.construction_type_id else []
            lead.can_start_project = bool(sold) and not lead.construction_project_id
            # A start gives the orders their project: one without came later.
            lead.can_top_up_project = bool(lead.construction_project_id) and any(not order.project_id for order in sold)

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running_project(self):
        for lead in self:
            if lead.construction_project_id:
                raise UserError(
                    self.env._(
                        "The deal %(deal)s has a running project (%(project)s). "
                        "Archive the project first, or keep the deal.",
                        deal=lead.name,
                        # sudo: only its name, to say what is in the way
                        project=lead.construction_project_id.sudo().name,
                    )
                )

    @api.model
    def _get_sums_from_documents(self):
        return [*super()._get_sums_from_documents(), "construction_project_id"]

    def _merge_dependences(self, opportunities):
        """Carry the projects of merged deals over to the one that remains."""
        result = super()._merge_dependences(opportunities)
        # sudo: whoever may merge the deals may not write on every project, nor see it.
        projects = self.env["project.project"].sudo().with_context(active_test=False)
        projects.search([("lead_id", "in", opportunities.ids)]).lead_id = self
        return result

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_start_project(self):
        """Ask how to start the project of this deal; open the project when there is nothing left to add.

        :raises AccessError: for users without project rights
        :raises UserError: when the deal cannot start a project yet, saying what is missing
        """
        self.ensure_one()
        lead_sudo = self._check_can_start_project()
        project_sudo = lead_sudo.construction_project_id
        if project_sudo and not lead_sudo._get_chapters_without_task(project_sudo):
            return project_sudo.sudo(False).action_view_construction_project()
        wizard = self.env["construction.project.start"].create({"lead_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add Chapters to the Project") if project_sudo else self.env._("Start Project"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_lead_id": self.id},
        }

    def action_view_construction_project(self):
        self.ensure_one()
        return self.construction_project_id.action_view_construction_project()

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _start_project(self, values=None):
        """Make the one staged project of this deal, or add to it what it lacks.

        :param dict values: answers of the wizard, over those of ``_prepare_start_values``; ``tasks`` maps a chapter
            line id to ``name``, ``allocated_hours``, ``project_stage_id``
        :return: the project, with the rights of the caller
        """
        self.ensure_one()
        # default_* keys of the screen this was started from must not reach the new records.
        # pylint: disable-next=context-overridden
        lead = self.with_context(clean_context(self.env.context))._check_can_start_project()
        lead._lock_to_start()
        orders = lead._get_orders_to_start()
        lead = lead.with_company(orders.company_id[:1])
        values = {**lead._prepare_start_values(), **(values or {})}
        if "stages" not in values:
            values["stages"] = lead._prepare_stage_rows(values["date_start"])
        Project = lead.env["project.project"]
        project = lead.construction_project_id
        is_new = not project
        if is_new:
            project = Project._find_orders_project(lead, orders)
            if project:
                project._adopt_for_lead(lead, orders, values)
            else:
                project = Project._create_construction_project(lead, orders, values)
        if is_new or not project.stage_milestone_count:
            project._set_up_stages(lead._normalise_stage_rows(values["stages"]))
        # All of them: those that have their task are left out there.
        project._add_chapter_tasks(orders.with_env(lead.env)._get_chapters_of_works(), values.get("tasks"))
        project._link_orders(orders)
        if is_new:
            project._date_tasks_of_stages()
            lead._remember_team(values.get("roles") or {})
            project._subscribe_team()
            project._schedule_kick_off()
            lead._stop_asking_to_start()
        return project.with_env(self.env)

    def _check_can_start_project(self):
        """Return the deal with sudo when its project may be started, else say why not."""
        self.ensure_one()
        if not self.env.su and not self.env.user.has_group("project.group_project_user"):
            raise AccessError(
                self.env._("Only project users start projects. Ask a project manager, or for the right Project / User.")
            )
        # sudo: project managers have no right on deals and, as Project / User, may not create a project in general;
        # starting the one of a deal that was sold is their work. Orders of other companies are refused below.
        lead = self.sudo()
        if refusal := self._get_start_refusal(lead):
            raise refusal
        return lead

    def _get_start_refusal(self, lead):
        """Why this project cannot be started, None when it can; a deal the user may not read keeps its name."""
        if not lead.construction_type_id:
            if not self._may_be_named():
                return UserError(self.env._("This is no construction deal: no project can be started from it."))
            return UserError(
                self.env._(
                    "The deal %(deal)s is no construction deal. Choose its construction type first.", deal=lead.name
                )
            )
        if not lead._get_confirmed_orders():
            if not self._may_be_named():
                return UserError(
                    self.env._("This deal has no confirmed order: the project starts once its quote is confirmed.")
                )
            return UserError(
                self.env._(
                    "The deal %(deal)s has no confirmed order. Confirm a quote first: its chapters become the tasks.",
                    deal=lead.name,
                )
            )
        if not lead._get_orders_to_start():
            if not self._may_be_named():
                return AccessError(self.env._("This deal was sold by a company you are not working in."))
            return AccessError(
                self.env._("The deal %(deal)s was sold by a company you are not working in.", deal=lead.name)
            )
        return None

    def _may_be_named(self):
        """Whether messages may tell this user the name of this deal."""
        return self.env.su or self.sudo(False).has_access("read")

    def _lock_to_start(self):
        """Lock this deal until the transaction ends: a concurrent start waits, is retried and finds our project."""
        touch(self)

    def _get_confirmed_orders(self):
        """Return the confirmed orders of this deal, the oldest first."""
        return self.order_ids.filtered(lambda order: order.state == "sale").sorted(
            lambda order: (order.date_order, order.id)
        )

    def _get_orders_to_start(self):
        """Return the confirmed orders in the company of the first one the user works in."""
        orders = self._get_confirmed_orders().filtered(lambda order: order.company_id in self.env.companies)
        return orders.filtered(lambda order: order.company_id == orders[0].company_id)

    def _get_chapters_without_task(self, project):
        """Return ``[(section line, component lines)]`` of the chapters that lack a task in ``project``."""
        chapters = self._get_orders_to_start()._get_chapters_of_works()
        if not project:
            return chapters
        missing = {chapter.id for chapter, _part, _own in project._get_units_without_task(chapters)}
        return [chapter for chapter in chapters if chapter[0].id in missing]

    def _prepare_start_values(self):
        """What a start does unless the wizard is told otherwise.

        :return: dict ``name``, ``user_id``, ``date_start``, ``date``, ``template_id``, ``roles`` (role id → user ids),
            ``tasks``; ``stages`` (rows as for ``project.project._set_up_stages``) follow from ``date_start``
        """
        self.ensure_one()
        return {
            "name": self.name,
            "user_id": self.planned_manager_id.id or self.env.uid,
            "date_start": self._get_start_to_propose(),
            "date": False,
            "task_detail": self.construction_type_id.task_detail,
            "template_id": self.construction_type_id.project_template_id.id,
            "roles": {},
            "tasks": {},
        }

    def _get_start_to_propose(self):
        """Give the day the client was promised, unless it is over, else today."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        return max(self.date_start_wanted or today, today)

    def _prepare_stage_rows(self, date_start):
        """Return the stages of the deal's type one after another from ``date_start``, weighed by their duration."""
        company = self._get_orders_to_start().company_id[:1]
        stages = self.construction_type_id._get_project_stages(company)
        durations = stages.mapped("duration_days")
        weights = stages._propose_weights()
        dates = WorkDays(company or self.env.company).schedule(date_start, durations)
        return [
            {
                "project_stage_id": stage.id,
                "date_start": first or False,
                "deadline": last or False,
                "weight": weight,
            }
            for stage, weight, (first, last) in zip(stages, weights, dates, strict=True)
        ]

    def _normalise_stage_rows(self, rows):
        """Check the stage rows a person edited and make their weights add up to 100 %."""
        for row in rows:
            if row["weight"] < 0:
                stage = self.env["project.project.stage"].browse(row["project_stage_id"])
                raise UserError(
                    self.env._(
                        "The weight of the stage %(stage)s is negative. "
                        "Give it a share of the works between 0 and 100.",
                        stage=stage.name,
                    )
                )
        weights = split_by_largest_remainder([row["weight"] for row in rows])
        return [{**row, "weight": weight} for row, weight in zip(rows, weights, strict=True)]
