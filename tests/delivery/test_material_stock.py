from odoo.fields import Command
from odoo.tests import tagged

from ...models.delivery.construction_material_stock import STOCK_MOVE
from .test_material import MaterialCommon


@tagged("post_install", "-at_install")
class TestMaterialStock(MaterialCommon):
    """What the warehouse gave to the works counts where Inventory is installed; live tests install it."""

    def test_without_inventory_nothing_of_it_is_shown(self):
        if STOCK_MOVE in self.env:
            self.skipTest("Inventory is installed")
        self.assertEqual(self._get_bricks().quantity_from_stock, 0)
        arch = self.env["construction.material"].get_view(view_type="list")["arch"]
        self.assertIn("quantity_used", arch)
        self.assertNotIn("quantity_from_stock", arch)


@tagged("post_install", "-at_install", "-standard", "construction_soft")
class TestMaterialStockSoft(MaterialCommon):
    """With Inventory, which the live test of soft apps installs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.env.company.id)], limit=1)
        cls.site = cls.env.ref("stock.stock_location_customers")

    def _move(self, quantity, source, target, unit=None, validate=True, **values):
        kind = self.warehouse.out_type_id if target == self.site else self.warehouse.in_type_id
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": kind.id,
                "location_id": source.id,
                "location_dest_id": target.id,
                "project_id": self.project.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.brick.id,
                            "product_uom_qty": quantity,
                            "product_uom": (unit or self.unit).id,  # not stale: a field of stock.move
                            "location_id": source.id,
                            "location_dest_id": target.id,
                        }
                    )
                ],
                **values,
            }
        )
        picking.action_confirm()
        picking.move_ids.quantity = quantity
        if validate:
            picking.move_ids.picked = True
            picking._action_done()
        return picking

    def _read(self):
        rows = self._get_materials().with_user(self.foreman)
        rows.invalidate_recordset()
        return rows.sorted(lambda row: (row.stage_sequence, row.id)).mapped("quantity_from_stock")

    def test_what_left_the_warehouse_less_what_came_back_counts(self):
        stock = self.warehouse.lot_stock_id
        self._move(1, stock, self.site, unit=self.pallet)
        self._move(50, stock, self.site, validate=False)
        self._move(70, stock, self.site, project_id=False)
        self.assertEqual(sum(self._read()), 120)
        self._move(20, self.site, stock)
        self.assertEqual(sum(self._read()), 100)
        self.assertIn("quantity_from_stock", self.env["construction.material"].get_view(view_type="list")["arch"])

    def test_stages_take_in_their_order(self):
        self._move(510, self.warehouse.lot_stock_id, self.site)
        needed = self._get_materials().sorted(lambda row: (row.stage_sequence, row.id)).mapped("quantity_needed")
        first, last = self._read()
        self.assertEqual(first, min(needed[0], 510))
        self.assertEqual(first + last, 510)

    def test_the_warehouse_tells_recipes_where_the_site_is_silent(self):
        self._move(600, self.warehouse.lot_stock_id, self.site)
        bricks = self._get_bricks()
        self.assertEqual(bricks._get_quantity_used(), bricks.quantity_from_stock)
        bricks.quantity_used = 7
        self.assertEqual(bricks._get_quantity_used(), 7)
