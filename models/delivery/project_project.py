from odoo import api, fields, models

# What a project may be made with that makes it one of ours, and what is stored on it because of that.
SOURCES = ("lead_id", "construction_type_id", "milestone_ids", "position_ids", "contact_record_ids")
FROM_SOURCES = (
    "amount_contract",
    "contract_id",
    "last_contact_date",
    "next_stage_date",
    "next_stage_milestone_id",
    "next_stage_planned_date",
    "overview_currency_id",
    "percent_collected",
    "percent_invoiced",
    "percent_to_invoice",
    "progress_percent",
)


def is_plain(vals):
    """Whether a project made with these values is one of stock's own."""
    return not any(vals.get(name) for name in SOURCES)


class ProjectProject(models.Model):
    _inherit = "project.project"

    # Internal fields are hidden from portal followers of the project.
    code = fields.Char(
        string="Number",
        copy=False,
        readonly=True,
        index="trigram",
        help="Own number of a construction project.",
    )
    lead_id = fields.Many2one(
        "crm.lead",
        string="Deal",
        copy=False,
        check_company=True,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
        help="The deal this project carries out.",
    )
    contract_id = fields.Many2one(
        "construction.contract",
        compute="_compute_contract_id",
        # Stored: lists group by it; precomputed, so that it costs no query of its own.
        store=True,
        precompute=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
        help="The contract of the deal, whether it was made before the project or after.",
    )
    construction_type_id = fields.Many2one(
        "construction.type",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
    )
    priority = fields.Selection(
        [("0", "Normal priority"), ("1", "Medium priority"), ("2", "High priority"), ("3", "Very high priority")],
        string="Importance",
        default="0",
        groups="base.group_user",
    )
    site_id = fields.Many2one(
        "res.partner",
        check_company=True,
        index="btree_not_null",
        help="Where the works are carried out, when it is not the client's own address.",
    )
    date_approved = fields.Date(
        string="Approved On",
        copy=False,
        groups="base.group_user",
        help="Day on which the client ordered the works.",
    )
    # Stock shows stage_id only where its feature "Project Stages" is on; a construction project always has stages, so
    # our views read this copy. Stored, to search and group by it; precomputed, so that it costs no query of its own.
    construction_stage_id = fields.Many2one(
        "project.project.stage",
        string="Stage of Works",
        compute="_compute_construction_stage_id",
        inverse="_inverse_construction_stage_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        copy=False,
        ondelete="restrict",
        group_expand="_group_expand_construction_stage_id",
        groups="base.group_user",
    )
    own_stage_ids = fields.Many2many(
        "project.project.stage",
        compute="_compute_own_stage_ids",
        export_string_translation=False,
        groups="base.group_user",
    )
    stage_milestone_count = fields.Integer(
        string="Stages",
        compute="_compute_stage_milestone_count",
        groups="base.group_user",
    )
    stage_milestone_reached_count = fields.Integer(
        string="Stages Reached",
        compute="_compute_stage_milestone_count",
        groups="base.group_user",
    )

    _code_company_uniq = models.UniqueIndex(
        "(code, company_id) WHERE code IS NOT NULL",
        "Another project already has this number.",
    )
    _lead_active_uniq = models.UniqueIndex(
        "(lead_id) WHERE lead_id IS NOT NULL AND active",
        "This deal already has a running project. Open that one, or archive it first.",
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("lead_id.contract_ids.state")
    def _compute_contract_id(self):
        for project in self:
            contracts = project.lead_id.contract_ids
            project.contract_id = contracts.filtered(lambda c: c.state != "cancelled").sorted("id")[:1]

    @api.depends("stage_id")
    def _compute_construction_stage_id(self):
        for project in self:
            project.construction_stage_id = project.stage_id

    def _inverse_construction_stage_id(self):
        # sudo: write() on these projects was checked before; only the feature group of stage_id is bypassed.
        for project in self.sudo():
            project.stage_id = project.construction_stage_id

    @api.depends("milestone_ids.project_stage_id", "construction_type_id.stage_ids", "construction_stage_id")
    def _compute_own_stage_ids(self):
        """The stages this project goes through; without any yet, those of its type."""
        for project in self:
            stages = project.milestone_ids.project_stage_id or project.construction_type_id.stage_ids
            project.own_stage_ids = stages | project.construction_stage_id

    @api.model
    def _group_expand_construction_stage_id(self, stages, domain):
        """Show every stage that a construction type uses, so that a project can be dragged on."""
        used = stages.search([("construction_type_ids", "!=", False)])
        return (stages | used).sorted(lambda stage: (stage.sequence, stage.id))

    @api.depends("milestone_ids.is_reached", "milestone_ids.project_stage_id")
    def _compute_stage_milestone_count(self):
        counts = {
            project: (count, sum(reached))
            for project, count, reached in self.env["project.milestone"]._read_group(
                [("project_id", "in", self.ids), ("project_stage_id", "!=", False)],
                ["project_id"],
                ["__count", "is_reached:array_agg"],
            )
        }
        for project in self:
            count, reached = counts.get(project._origin, (0, 0))
            project.stage_milestone_count = count
            project.stage_milestone_reached_count = reached

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("construction_type_id") and not vals.get("is_template"):
                vals["code"] = vals.get("code") or self._next_construction_code(vals.get("company_id"))
        return super().create(vals_list)

    @api.model
    def _add_precomputed_values(self, vals_list):
        """Nothing is worked out for stock's own projects."""
        ours = []
        for vals in vals_list:
            if not vals.get("construction_stage_id") and "stage_id" in vals and is_plain(vals):
                vals["construction_stage_id"] = vals["stage_id"]
                vals["__precomputed__"] = {self._fields["construction_stage_id"]}
            else:
                ours.append(vals)
        # sudo: for values worked out beforehand Odoo reads the default of stage_id, which stock keeps from everyone
        # while its feature "Project Stages" is off. The rights to create were checked.
        return super(ProjectProject, self.sudo())._add_precomputed_values(ours)

    @api.model
    def _create(self, data_list):
        """Spare stock's own projects what follows from a deal or from stages: it stays empty."""
        projects = super()._create(data_list)
        plain = projects.browse(data["record"].id for data in data_list if is_plain(data["stored"]))
        for name in FROM_SOURCES:
            self.env.remove_to_compute(self._fields[name], plain)
        return projects

    def write(self, vals):
        res = super().write(vals)
        if vals.get("construction_type_id"):
            for project in self.filtered(lambda p: not p.code and not p.is_template):
                project.code = self._next_construction_code(project.company_id.id)
        return res

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_view_construction_project(self):
        """Open this project's own form (stock opens its tasks)."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "project.project",
            "res_id": self.id,
            "views": [(self.env.ref("project.edit_project").id, "form")],
        }

    def action_view_stage_milestones(self):
        """Open the stages of works of this project, to date and reach them."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("construction_crm.project_milestone_action_stages")
        action["display_name"] = self.env._("Stages of %(project)s", project=self.name)
        action["domain"] = [("project_id", "=", self.id)]
        action["context"] = {"default_project_id": self.id}
        return action

    def action_view_contract(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "construction.contract",
            "res_id": self.contract_id.id,
            "views": [(False, "form")],
        }

    def action_view_lead(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lead",
            "res_id": self.lead_id.id,
            "views": [(False, "form")],
        }

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _move_to_open_stage(self):
        """Put each project into its first stage of works that is not reached, or the last one when all are."""
        # sudo: project users lead by reaching stages, which they may write; the project itself they may not.
        for project in self.sudo():
            milestones = project.milestone_ids.filtered("project_stage_id")
            stage = (milestones.filtered(lambda m: not m.is_reached)[:1] or milestones[-1:]).project_stage_id
            if stage and stage != project.stage_id:
                project.stage_id = stage

    def _get_stage_progress(self):
        """How far the works are: the weights of the stages reached, in percent."""
        self.ensure_one()
        stages = self.milestone_ids.filtered("project_stage_id")
        return round(sum(stage.weight for stage in stages if stage.is_reached), 2)

    @api.model
    def _next_construction_code(self, company_id):
        """Return the next number of a construction project of the company (id or False)."""
        # sudo: numbering is no right of its own, whoever may create the project gets a number.
        sequence = self.env["ir.sequence"].sudo()
        return sequence.with_company(company_id or self.env.company).next_by_code("construction.project")
