from odoo.fields import Command

from .progress_common import ProgressCommon

# What one unit of a component of each chapter was reckoned to cost.
UNIT_COST = 7.77


class CostChecks:
    """Reads the costs of `self.project` and checks that they add up."""

    def _read_costs(self, project=None, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        domain = [("project_id", "=", (project or self.project).id)]
        return self.env["construction.cost"].with_user(user or self.env.user).search(domain)

    def _row(self, position, **kwargs):
        position = position or self.env["construction.position"]
        return self._read_costs(**kwargs).filtered(lambda row: row.position_id == position)

    def assertReconciles(self, project=None, user=None):
        """Each figure is the sum of what opens, and all of them those of the project and its accounts."""
        project = project or self.project
        rows = self._read_costs(project, user)
        for row in rows:
            for kind in ("estimate", "committed", "actual"):
                action = getattr(row, f"action_view_{kind}")()
                items = row.env[action["res_model"]].search(action["domain"])
                self.assertAlmostEqual(sum(items.mapped("amount")), row[f"amount_{kind}"], 2, row.display_name)
            self.assertAlmostEqual(row.amount_forecast, row.amount_actual + row.amount_remaining, 2)
            self.assertAlmostEqual(row.amount_difference, row.amount_estimate - row.amount_forecast, 2)
        booked = self.env["account.analytic.line"].search(
            [("account_id", "=", project.account_id.id), ("category", "!=", "invoice")]
        )
        self.assertAlmostEqual(sum(rows.mapped("amount_actual")), -sum(booked.mapped("amount")), 2)
        orders = project.lead_id.order_ids.filtered(lambda order: order.state == "sale")
        estimate = sum(
            line.purchase_price * line.product_uom_qty / line.order_id.currency_rate for line in orders.order_line
        )
        self.assertAlmostEqual(sum(rows.mapped("amount_estimate")), estimate, 1)
        self.assertRecordValues(
            project,
            [
                {
                    f"cost_{name}": round(sum(rows.mapped(f"amount_{name}")), 2)
                    for name in ("estimate", "committed", "actual", "forecast", "difference")
                }
            ],
        )
        return rows


class CostCommon(CostChecks, ProgressCommon):
    """The contract of three chapters and its project, with estimated costs, followed by chapter."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("project.group_project_manager")
        cls.estimator = cls._new_user("estimator", "construction_crm.group_estimator")
        cls.vendor = cls.env["res.partner"].create({"name": "Brick works"})
        cls.brick = cls._create_product(name="Brick", cost_nature="material", supplier_taxes_id=False)
        cls.project.with_user(cls.estimator).action_follow_costs()
        cls.plan = cls.env["construction.position"]._get_chapter_plan()
        cls.account = cls.project.account_id

    @classmethod
    def _prepare_chapter(cls, number, product, quantity, lines, taxes=None, **values):
        commands = super()._prepare_chapter(number, product, quantity, lines, taxes, **values)
        for command in commands[1:]:
            command[2]["purchase_price"] = UNIT_COST
        return commands

    @classmethod
    def _bill(cls, *lines, move_type="in_invoice", post=True, user=None, **values):
        """:param lines: (amount, analytic distribution)"""
        move = cls.env["account.move"].with_user(user or cls.env.user)
        move = move.create(
            {
                "move_type": move_type,
                "partner_id": cls.vendor.id,
                "invoice_date": "2026-01-15",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Bricks",
                            "product_id": cls.brick.id,
                            "quantity": 1,
                            "price_unit": amount,
                            "tax_ids": False,
                            "analytic_distribution": distribution,
                        }
                    )
                    for amount, distribution in lines
                ],
                **values,
            }
        )
        if post:
            move.action_post()
        return move

    @classmethod
    def _on(cls, position=None, project=None):
        """The analytic distribution of a chapter, of a project, or of both."""
        accounts = [project.account_id] if project else []
        accounts += [position.analytic_account_id] if position else []
        return {",".join(str(account.id) for account in accounts): 100}
