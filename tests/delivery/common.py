from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.base.tests.common import BaseCommon


class DeliveryCommon(BaseCommon):
    """A sold construction deal with two chapters, its type with three stages, and one user a role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hour = cls.env.ref("uom.product_uom_hour")
        cls.day = cls.env.ref("uom.product_uom_day")
        cls.unit = cls.env.ref("uom.product_uom_unit")
        cls.client = cls.env["res.partner"].create({"name": "Ionescu family"})
        cls.site = cls.env["res.partner"].create(
            {"name": "House in the hills", "parent_id": cls.client.id, "type": "other"}
        )
        cls.stages = cls.env["project.project.stage"].create(
            [
                {"name": "Design", "sequence": 101, "duration_days": 10},
                {"name": "Works", "sequence": 102, "duration_days": 20},
                {"name": "Handover", "sequence": 103, "duration_days": 3},
            ]
        )
        cls.design, cls.works, cls.handover = cls.stages
        cls.type = cls.env["construction.type"].create(
            {"name": "New house", "stage_ids": [Command.set(cls.stages.ids)]}
        )
        Product = cls.env["product.product"]
        cls.wall, cls.roof = Product.create(
            [
                {"name": "Brick wall", "construction_stage_id": cls.works.id},
                {"name": "Roof"},
            ]
        )
        cls.mason = Product.create({"name": "Mason", "type": "service", "uom_id": cls.hour.id, "cost_nature": "labour"})
        cls.brick = Product.create({"name": "Brick", "cost_nature": "material", "standard_price": 77.77})
        cls.crane = Product.create({"name": "Crane", "type": "service", "cost_nature": "equipment"})
        cls.pm = new_test_user(cls.env, "delivery_pm", "project.group_project_user")
        cls.project_admin = new_test_user(cls.env, "delivery_admin", "project.group_project_manager")
        cls.salesperson = new_test_user(cls.env, "delivery_sales", "sales_team.group_sale_salesman")
        cls.sale_manager = new_test_user(cls.env, "delivery_boss", "sales_team.group_sale_manager")
        cls.accountant = new_test_user(cls.env, "delivery_accountant", "account.group_account_invoice")
        cls.portal = new_test_user(cls.env, "delivery_portal", "base.group_portal")
        cls.lead = cls._make_deal()
        cls.order = cls._make_order(cls.lead)

    @classmethod
    def _make_deal(cls, **values):
        return cls.env["crm.lead"].create(
            {
                "name": "Ionescu house",
                "type": "opportunity",
                "partner_id": cls.client.id,
                "site_id": cls.site.id,
                "construction_type_id": cls.type.id,
                "user_id": cls.salesperson.id,
                "priority": "2",
                **values,
            }
        )

    @classmethod
    def _prepare_chapter(cls, number, product, components):
        """Commands of a chapter: components are ``(product, quantity, unit)``."""
        return [
            Command.create(
                {
                    "display_type": "line_section",
                    "name": f"{product.name}",
                    "chapter_number": number,
                    "chapter_product_id": product.id,
                    "chapter_quantity": 12,
                    "chapter_uom_id": cls.unit.id,
                }
            )
        ] + [
            Command.create(
                {
                    "product_id": component.id,
                    "product_uom_qty": quantity,
                    "product_uom_id": uom.id,
                    "cost_nature": component.cost_nature,
                    "price_unit": 100.0,
                    "purchase_price": 77.77,
                }
            )
            for component, quantity, uom in components
        ]

    @classmethod
    def _prepare_chapters(cls):
        return cls._prepare_chapter(
            "1",
            cls.wall,
            [
                (cls.mason, 2, cls.day),
                (cls.mason, 4, cls.hour),
                (cls.mason, 5, cls.unit),
                (cls.brick, 500, cls.unit),
                (cls.crane, 3, cls.unit),
            ],
        ) + cls._prepare_chapter("2", cls.roof, [(cls.brick, 30, cls.unit)])

    @classmethod
    def _make_order(cls, lead, commands=None, confirm=True, **values):
        order = cls.env["sale.order"].create(
            {
                "partner_id": lead.partner_id.id,
                "opportunity_id": lead.id,
                "order_line": commands or cls._prepare_chapters(),
                **values,
            }
        )
        # A line created in another unit than the product's keeps it only when written.
        if confirm:
            order.action_confirm()
        return order

    def _start(self, lead=None, user=None, **answers):
        """Start the project of a deal as the wizard does."""
        lead = (lead or self.lead).with_user(user or self.pm)
        return lead._start_project(answers)
