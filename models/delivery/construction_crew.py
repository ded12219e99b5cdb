from odoo import api, fields, models


class ConstructionCrew(models.Model):
    """People who work together, when they work, and what they can do."""

    _name = "construction.crew"
    _description = "Crew"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    size = fields.Integer(
        string="People",
        default=1,
        help="How many people work in this crew. With none, it has no room for any hours.",
    )
    resource_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Hours",
        compute="_compute_resource_calendar_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        help="When the crew works, and when it is away. Empty: the working hours of the company.",
    )
    overtime_percent = fields.Float(
        string="Overtime (%)",
        digits=(5, 2),
        help="How much more than its working hours this crew can work for long. It counts as room.",
    )
    trade_ids = fields.Many2many(
        "construction.trade",
        string="Trades",
        help="What the crew can do. The labour of quotes finds its crew by its trade.",
    )
    leader_id = fields.Many2one(
        "res.users",
        string="Foreman",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        index="btree_not_null",
    )
    member_ids = fields.Many2many(
        "res.users",
        string="Members",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="The people of the crew who use Odoo. How many people work in it is told by People.",
    )
    task_ids = fields.One2many("project.task", "crew_id", string="Tasks")

    _size_not_negative = models.Constraint(
        "CHECK(size >= 0)",
        "A crew cannot have fewer than no people. Enter how many work in it.",
    )
    _overtime_range = models.Constraint(
        "CHECK(overtime_percent >= 0 AND overtime_percent <= 100)",
        "The overtime of a crew must lie between 0 and 100 % of its working hours.",
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("company_id")
    def _compute_resource_calendar_id(self):
        for crew in self:
            # A calendar chosen by hand stays while it may be used in the company.
            if not crew.resource_calendar_id or crew.resource_calendar_id.company_id not in (
                crew.company_id,
                self.env["res.company"],
            ):
                crew.resource_calendar_id = crew.company_id.resource_calendar_id
