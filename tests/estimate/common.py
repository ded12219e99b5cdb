from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


class EstimateCommon(AccountTestInvoicingCommon):
    """A small catalogue, one recipe, one deal and a user of each role."""

    @classmethod
    def get_default_groups(cls):
        groups = super().get_default_groups()
        return groups | cls.quick_ref("construction_crm.group_estimator")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.square_meter = cls.quick_ref("uom.product_uom_square_meter")
        cls.hour = cls.quick_ref("uom.product_uom_hour")
        cls.tiler = cls.make_product("Tiler", 31.37, 20.0, type="service", uom_id=cls.hour.id)
        cls.tile = cls.make_product("Tile", 12.33, 7.0, uom_id=cls.square_meter.id)
        cls.glue = cls.make_product("Glue", 1.17, 0.6)
        cls.wall = cls.make_product("Tiled wall", 90.0, 0.0, uom_id=cls.square_meter.id)
        cls.recipe = cls.make_recipe(cls.wall, [(cls.tiler, 0.8, 0.0), (cls.tile, 1.0, 8.0), (cls.glue, 3.3, 0.0)])
        cls.recipe.action_activate()
        cls.construction_type = cls.env["construction.type"].create({"name": "Renovation"})
        cls.client = cls.env["res.partner"].create(
            {"name": "Ana Popescu", "phone": "0721 000 111", "street": "Main street 1"}
        )
        cls.site = cls.env["res.partner"].create(
            {"name": "Lake house", "parent_id": cls.client.id, "type": "other", "street": "Quay 7"}
        )
        cls.salesperson = cls.make_user("sales_own", "sales_team.group_sale_salesman")
        cls.rival = cls.make_user("sales_rival", "sales_team.group_sale_salesman")
        cls.surveyor = cls.make_user("surveyor", "construction_crm.group_surveyor")
        cls.estimator = cls.make_user("estimator", "construction_crm.group_estimator")
        cls.manager = cls.make_user("sales_manager", "sales_team.group_sale_manager")
        cls.accountant = cls.make_user("accountant", "account.group_account_invoice")
        cls.project_manager = cls.make_user("project_manager", "project.group_project_user")
        # Who exports must not get by it what the screen does not show.
        cls.surveyor.group_ids += cls.quick_ref("base.group_allow_export")
        cls.salesperson.group_ids += cls.quick_ref("base.group_allow_export")
        cls.project_manager.group_ids += cls.quick_ref("base.group_allow_export")
        cls.lead = cls.make_lead()

    @classmethod
    def make_user(cls, login, groups, **values):
        return new_test_user(cls.env, login=login, groups=f"base.group_user,{groups}", **values)

    @classmethod
    def make_product(cls, name, price, cost, **values):
        return cls.env["product.product"].create(
            {"name": name, "list_price": price, "standard_price": cost, "taxes_id": False, **values}
        )

    @classmethod
    def make_recipe(cls, product, components, **values):
        return cls.env["construction.recipe"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "line_ids": [
                    Command.create({"product_id": part.id, "quantity": quantity, "waste_percent": waste})
                    for part, quantity, waste in components
                ],
                **values,
            }
        )

    @classmethod
    def make_lead(cls, **values):
        return cls.env["crm.lead"].create(
            {
                "name": "Bathroom",
                "type": "opportunity",
                "partner_id": cls.client.id,
                "site_id": cls.site.id,
                "construction_type_id": cls.construction_type.id,
                "user_id": cls.salesperson.id,
                **values,
            }
        )

    @classmethod
    def make_sheet(cls, items=None, **values):
        """Make a sheet of `(product, quantity)` items."""
        items = [(cls.wall, 2.5), (cls.glue, 7.0)] if items is None else items
        return cls.env["construction.evaluation"].create(
            {
                "lead_id": cls.lead.id,
                "line_ids": [
                    Command.create({"product_id": product.id, "quantity": quantity}) for product, quantity in items
                ],
                **values,
            }
        )

    @classmethod
    def make_order(cls, sheet):
        """Make the stock order of what the sheet explodes to, priced by stock alone."""
        return cls.env["sale.order"].create(
            {
                "partner_id": sheet.partner_id.id,
                "partner_shipping_id": sheet._get_delivery_partner().id,
                "pricelist_id": sheet.pricelist_id.id,
                "company_id": sheet.company_id.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": part["product"].id,
                            "product_uom_qty": part["quantity"],
                            "product_uom_id": part["uom"].id,
                        }
                    )
                    for parts in sheet.line_ids._explode().values()
                    for part in parts
                ],
            }
        )
