from odoo import api, fields, models
from odoo.tools import SQL

from ..pipeline.row_lock import touch

# The analytic plan of the chapters. A parameter, not an XML id: uninstalling must leave the plan and what is booked.
PLAN_PARAMETER = "construction_crm.chapter_plan"
QUIET = {"tracking_disable": True, "mail_create_nosubscribe": True, "mail_create_nolog": True}


class ConstructionPosition(models.Model):
    """Where the costs of a chapter land: an analytic account of its own, made on demand.

    Bills, expenses, purchase orders, timesheets and stock moves are all booked by stock's analytic distribution, so
    an account reaches all of them, installed or not; a field of ours would need each of those apps as a dependency.
    """

    _inherit = "construction.position"

    analytic_account_id = fields.Many2one(
        "account.analytic.account",
        string="Cost Account",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The analytic account costs of this chapter are booked on, besides that of the project.",
    )

    # === BUSINESS === #

    @api.model
    def _get_chapter_plan(self):
        """Give the analytic plan of chapters; empty while no project has followed its costs by chapter."""
        # reason of sudo: a setting of the system, and the plan is asked by whoever books
        plan_id = int(self.env["ir.config_parameter"].sudo().get_param(PLAN_PARAMETER) or 0)
        plans = self.env["account.analytic.plan"].sudo()  # reason of sudo: as above
        if not plan_id:
            return plans
        _project_plan, others = plans._get_all_plans()
        return others.filtered(lambda plan: plan.id == plan_id)

    @api.model
    def _get_chapter_column(self):
        """Give the name of the column of analytic lines that holds the chapter, empty without a plan."""
        plan = self._get_chapter_plan()
        return plan._strict_column_name() if plan else ""

    @api.model
    def _make_chapter_plan(self):
        plan = self._get_chapter_plan()
        if plan:
            return plan
        project_plan, _others = plan._get_all_plans()
        # Two who begin at the same moment make one plan: whoever waited runs again.
        touch(project_plan)
        plan = plan.create({"name": self.env._("Chapters"), "sequence": project_plan.sequence + 1})
        # reason of sudo: a setting of the system
        self.env["ir.config_parameter"].sudo().set_param(PLAN_PARAMETER, str(plan.id))
        self._show_analytic_distribution()
        return plan

    @api.model
    def _show_analytic_distribution(self):
        """Let who books bills choose the chapter there.

        Not everybody, as stock's setting “Analytic Accounting” would have it: analytic items tell costs.
        """
        # reason of sudo: groups; who may follow costs, was checked
        accountants = self.env.ref("account.group_account_invoice").sudo()
        analytic = self.env.ref("analytic.group_analytic_accounting")
        if analytic not in accountants.all_implied_ids:
            accountants.implied_ids += analytic

    def _make_cost_accounts(self):
        """Make the analytic accounts these chapters lack, and those of their projects. Twice is once."""
        # reason of sudo: asked by people with no right on analytic accounts; who may, was checked
        bare = self.sudo().filtered(lambda position: position.project_id and not position.is_follower)
        bare = bare.filtered(lambda position: not position.analytic_account_id)
        projects = bare.project_id
        if not bare:
            return
        plan = self._make_chapter_plan()
        touch(bare)
        projects.filtered(lambda project: not project.account_id)._create_analytic_account()
        accounts = plan.account_ids.with_context(**QUIET).create(
            [position._prepare_cost_account_values(plan) for position in bare]
        )
        for position, account in zip(bare, accounts, strict=True):
            position.analytic_account_id = account

    def _prepare_cost_account_values(self, plan):
        """Values of the analytic account of this chapter, named so that a few letters find it."""
        self.ensure_one()
        return {
            "name": f"{self.project_id.code or self.project_id.name} · {self.display_name}",
            "plan_id": plan.id,
            "company_id": self.company_id.id,
        }

    @api.model
    def _complete_distributions(self, vals_list):
        """Add the project to analytic distributions that name a chapter only: choosing the chapter is enough."""
        given = [vals["analytic_distribution"] for vals in vals_list if vals.get("analytic_distribution")]
        if not given or not self._get_chapter_plan():
            return
        keys = {key for shares in given if "__update__" not in shares for key in shares}
        account_ids = {int(part) for key in keys for part in key.split(",") if part.isdigit()}
        # reason of sudo: whoever books may not read the works
        positions = self.sudo().search([("analytic_account_id", "in", list(account_ids))])
        if not positions:
            return
        for vals in vals_list:
            shares = vals.get("analytic_distribution")
            if shares and "__update__" not in shares:
                vals["analytic_distribution"] = positions._complete_shares(shares)

    def _complete_shares(self, shares):
        owners = {str(position.analytic_account_id.id): position.project_id.account_id for position in self}
        project_plan, _others = self.env["account.analytic.plan"]._get_all_plans()
        result = {}
        for key, percent in shares.items():
            parts = key.split(",")
            owner = next((owners[part] for part in parts if part in owners), None)
            if owner:
                accounts = owner.browse(int(part) for part in parts if part.isdigit())
                if project_plan not in accounts.root_plan_id:
                    key = f"{owner.id},{key}"
            result[key] = result.get(key, 0.0) + percent
        return result

    def _after_sync(self, orders, works_by_order):
        """Tie the lines of the orders to their chapters, and give new chapters of followed projects their accounts."""
        result = super()._after_sync(orders, works_by_order)
        self._tie_lines(works_by_order)
        self._follow_costs_on()
        return result

    def _follow_costs_on(self):
        """Go on following: chapters that came later, and all those of types that are always followed."""
        bare = self.filtered(lambda position: position.project_id and not position.analytic_account_id)
        if not bare:
            return
        followed = bare.project_id.filtered(lambda project: project.construction_type_id.follow_costs)
        if self._get_chapter_plan():
            groups = self._read_group(
                [("project_id", "in", bare.project_id.ids), ("analytic_account_id", "!=", False)], ["project_id"]
            )
            followed |= followed.union(*(project for (project,) in groups))
        bare.filtered(lambda position: position.project_id in followed)._make_cost_accounts()

    def _tie_lines(self, works_by_order):
        """Write on each line of these orders to which of these chapters of the works it belongs."""
        by_chapter = {position.chapter_line_id.id: position.id for position in self}
        wanted = {}
        for works_of_order in works_by_order.values():
            for works in works_of_order:
                position_id = by_chapter.get(works.key._get_root_chapter().id)
                wanted.update(dict.fromkeys(works.lines.ids, position_id))
        lines = self.env["sale.order.line"].union(*(order.order_line for order in works_by_order))
        changed = {}
        for line in lines.with_prefetch(lines.ids):
            position_id = wanted.get(line.id)
            if (line.construction_position_id.id or None) != position_id:
                changed[line.id] = position_id
        if not changed:
            return
        # By SQL: thousands of lines of orders that were signed. Nothing of what was signed changes.
        self.env.cr.execute(
            SQL(
                "UPDATE sale_order_line SET construction_position_id = tie.position_id "
                "FROM unnest(%s::int4[], %s::int4[]) AS tie (line_id, position_id) "
                "WHERE sale_order_line.id = tie.line_id",
                list(changed),
                list(changed.values()),
            )
        )
        lines.browse(changed).invalidate_recordset(["construction_position_id"])

    def _is_in_use(self):
        if super()._is_in_use():
            return True
        column = self._get_chapter_column()
        account = self.sudo().analytic_account_id  # reason of sudo: whether anything is booked, by anybody
        if not column or not account:
            return False
        lines = self.env["account.analytic.line"].sudo()  # reason of sudo: as above
        return bool(lines.search_count([(column, "=", account.id)], limit=1))


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    # Stored: the estimate is added up by it. Orders that were signed keep their lines, so `_sync` is all it takes.
    construction_position_id = fields.Many2one(
        "construction.position",
        string="Chapter of the Works",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The chapter whose estimated cost this line is part of.",
    )


class ConstructionType(models.Model):
    _inherit = "construction.type"

    follow_costs = fields.Boolean(
        string="Follow Costs by Chapter",
        help="Every project of this type that starts from now on gets an analytic account for each chapter, so that "
        "bills, purchases and hours can be booked on chapters. Otherwise a button of the project does it.",
    )
