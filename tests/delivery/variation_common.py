from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user

from ..contract.common import ContractCommon


class VariationCommon(ContractCommon):
    """A signed contract of 300 m² of painting and 12 m² of walls with bricks and masons, and people to vary it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.square_metre = cls.env.ref("uom.product_uom_square_meter")
        cls.hour = cls.env.ref("uom.product_uom_hour")
        company = {"company_id": cls.env.company.id, "company_ids": [Command.set(cls.env.company.ids)]}
        cls.foreman = cls.project_user
        cls.manager = new_test_user(cls.env, "variation_manager", "project.group_project_user", **company)
        cls.estimator = new_test_user(cls.env, "variation_estimator", "construction_crm.group_estimator", **company)
        cls.painting = cls._make_item("Painting", 10.0)
        cls.wall = cls._make_item("Brick wall", 50.0)
        cls.wood = cls._make_item("Wood panelling", 44.4)
        cls.mason = cls._make_item("Mason", 31.15, cost_nature="labour", uom_id=cls.hour.id)
        cls.brick = cls._make_item("Brick", 0.87, cost_nature="material", uom_id=cls.env.ref("uom.product_uom_unit").id)
        cls.carpenter = cls._make_item("Carpenter", 37.3, cost_nature="labour", uom_id=cls.hour.id)
        recipe = cls.env["construction.recipe"].create(
            {
                "product_tmpl_id": cls.wood.product_tmpl_id.id,
                "line_ids": [
                    Command.create({"product_id": cls.carpenter.id, "quantity": 0.8}),
                    Command.create({"product_id": cls.brick.id, "quantity": 2}),
                ],
            }
        )
        recipe.action_activate()

    @classmethod
    def _make_item(cls, name, price, **values):
        values = {"uom_id": cls.square_metre.id, **values}
        return cls._create_product(
            name=name, type="service", lst_price=price, standard_price=7.77, taxes_id=cls.tax_21, **values
        )

    @classmethod
    def _chapter(cls, product, quantity, components, taxes=None):
        """Commands of a chapter: components are (product, quantity, price)."""
        section = {
            "display_type": "line_section",
            "name": product.name,
            "chapter_product_id": product.id,
            "chapter_quantity": quantity,
            "chapter_uom_id": product.uom_id.id,
        }
        return [Command.create(section)] + [
            Command.create(
                {
                    "product_id": component.id,
                    "product_uom_qty": amount,
                    "price_unit": price,
                    "purchase_price": 5.55,
                    "cost_nature": component.cost_nature,
                    **({"tax_ids": [Command.set(taxes.ids)]} if taxes is not None else {}),
                }
            )
            for component, amount, price in components
        ]

    @classmethod
    def _works(cls, taxes=None):
        return cls._chapter(cls.painting, 300, [(cls.painting, 300, 10.0)], taxes) + cls._chapter(
            cls.wall, 12, [(cls.mason, 33.33, 31.15), (cls.brick, 700, 0.87)], taxes
        )

    @classmethod
    def _sign_contract(cls, lead=None, lines=None, rows=None, sign=True, **values):
        lead = lead or cls._create_deal()
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.partner_a.id,
                "opportunity_id": lead.id,
                "user_id": cls.salesman.id,
                "order_line": lines or cls._works(),
                **values,
            }
        )
        order.action_confirm()
        order.action_create_contract()
        contract = order.contract_id
        if rows:
            contract.instalment_ids = [Command.clear(), *map(Command.create, rows)]
        if not contract.date_end:
            contract.date_end = fields.Date.add(fields.Date.today(), days=90)
        if sign:
            contract.action_sign()
        return contract

    @classmethod
    def _position(cls, contract, product):
        return contract._get_varied_positions().filtered(lambda position: position.product_id == product)[:1]

    @classmethod
    def _propose(cls, contract, changes=(), items=(), user=None, **values):
        """The quote of a variation, made as the screen does; changes are (product, quantity more or less)."""
        user = user or cls.env.user
        contract = contract.with_user(user)
        action = contract.action_propose_variation()
        wizard = cls.env[action["res_model"]].with_user(user).browse(action["res_id"])
        wizard.write(values)
        for product, change in changes:
            wizard.line_ids.filtered(lambda line, item=product: line.position_id.product_id == item).change = change
        wizard.item_ids = [
            Command.create({"product_id": product.id, "quantity": quantity}) for product, quantity in items
        ]
        wizard.action_apply()
        return wizard.sudo().order_id.with_env(cls.env)

    @classmethod
    def _sign(cls, order):
        order.action_quotation_sent()
        order.action_confirm()
        return order

    @classmethod
    def _read_all(cls, contract):
        """All figures a variation may move: of the contract, its plan, its works, its tasks and stages."""
        cls.env.flush_all()
        contract.invalidate_recordset()
        project = contract.construction_project_id
        positions = contract._get_varied_positions()
        names = ("amount_total", "amount_untaxed", "amount_original", "amount_variations", "amount_left", "date_end")
        rows = contract.instalment_ids.sorted(lambda row: (row.sequence, row.id))
        row_names = ("id", "name", "sequence", "amount", "amount_type", "percent", "amount_fixed", "amount_gross")
        tasks = project.task_ids.sorted("id")
        stages = project.milestone_ids.sorted("id")
        return {
            "contract": {name: contract[name] for name in names},
            "orders": contract.order_ids.ids,
            "rows": [{name: row[name] for name in (*row_names, "date_due", "state")} for row in rows],
            "works": [
                (row.id, row.quantity, row.quantity_original, row.amount, row.amount_taxed, row.hours_planned)
                for row in positions
            ],
            "tasks": [(task.id, task.name, task.allocated_hours, task.state) for task in tasks],
            "stages": [(stage.id, stage.date_start, stage.deadline) for stage in stages],
        }
