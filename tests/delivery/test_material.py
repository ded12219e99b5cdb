import io

import openpyxl

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ...models.delivery.construction_material_export import write_materials
from ...models.delivery.formats import format_quantity
from .common import DeliveryCommon


class MaterialCommon(DeliveryCommon):
    """A started project; bricks come in pallets of 120 from one vendor."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pallet = cls.env["uom.uom"].create(
            {"name": "Pallet of 120", "relative_factor": 120, "relative_uom_id": cls.unit.id}
        )
        cls.vendor = cls.env["res.partner"].create({"name": "Brickworks"})
        cls.brick.seller_ids = [
            Command.create({"partner_id": cls.vendor.id, "product_uom_id": cls.pallet.id, "price": 66.66, "min_qty": 2})
        ]
        cls.foreman = new_test_user(cls.env, "material_foreman", "project.group_project_user")
        cls.project = cls.lead.with_user(cls.pm)._start_project({}).with_user(cls.pm)

    def _get_materials(self, project=None):
        project = project or self.project
        project.action_view_materials()
        return self.env["construction.material"].with_user(self.pm).search([("project_id", "=", project.id)])

    def _get_bricks(self):
        """The bricks of the walls (stage Works)."""
        return self._get_materials().filtered(
            lambda row: row.product_id == self.brick and row.project_stage_id == self.works
        )

    def _vary(self, item, quantity):
        """A variation of the contract changes the bricks of a chapter by so many."""
        if not self.order.contract_id:
            self.order.action_create_contract()
            self.order.contract_id.action_sign()
        chapter = self.order.order_line.filtered(lambda line: line.chapter_product_id == item)
        commands = self._prepare_chapter("V", item, [(self.brick, quantity, self.unit)])
        commands[0][2]["origin_chapter_id"] = chapter.id
        variation = self._make_order(self.lead, commands)
        variation._add_to_contract(self.order.contract_id)
        return variation

    def _mark_ordered(self, materials, user=None, **quantities):
        wizard = self.env["construction.material.order"].with_user(user or self.pm)
        wizard = wizard.browse(materials.with_user(user or self.pm).action_order()["res_id"])
        wizard.line_ids.write(quantities)
        wizard.action_mark_ordered()
        return wizard


@tagged("post_install", "-at_install")
class TestMaterial(MaterialCommon):
    # === WHAT IS PLANNED === #

    def test_the_list_is_made_when_the_project_starts_by_stage(self):
        rows = self.env["construction.material"].search([("project_id", "=", self.project.id)])
        self.assertRecordValues(
            rows.sorted("quantity_planned"),
            [
                {"product_id": self.brick.id, "project_stage_id": False, "quantity_planned": 30.0},
                {"product_id": self.brick.id, "project_stage_id": self.works.id, "quantity_planned": 500.0},
            ],
        )

    def test_labour_and_machines_are_no_materials(self):
        self.assertEqual(self._get_materials().product_id, self.brick)

    def test_units_are_those_of_the_product(self):
        lead = self._make_deal(name="By the pallet")
        order = self._make_order(
            lead, self._prepare_chapter("1", self.wall, [(self.brick, 3, self.pallet)]), confirm=False
        )
        order.order_line[1].product_uom_id = self.pallet
        order.action_confirm()
        project = lead.with_user(self.pm)._start_project({}).with_user(self.pm)
        self.assertRecordValues(self._get_materials(project), [{"quantity_planned": 360.0, "uom_id": self.unit.id}])

    def test_refreshing_twice_is_once_and_nothing_typed_is_lost(self):
        bricks = self._get_bricks()
        bricks.write({"quantity_extra": 20.0, "quantity_used": 15.0, "note": "red ones"})
        self._mark_ordered(bricks, quantity=1.0)
        before = self._get_materials().ids
        self._make_order(self.lead, self._prepare_chapter("3", self.wall, [(self.brick, 100, self.unit)]))
        self.lead.with_user(self.pm)._start_project({})
        rows = self._get_materials()
        self.assertEqual(rows.ids, before)
        self.assertRecordValues(
            self._get_bricks(),
            [
                {
                    "quantity_planned": 600.0,
                    "quantity_extra": 20.0,
                    "quantity_needed": 620.0,
                    "quantity_used": 15.0,
                    "quantity_ordered": 120.0,
                    "quantity_missing": 500.0,
                    "note": "red ones",
                }
            ],
        )

    def test_a_chapter_less_shows_what_was_ordered_too_much(self):
        bricks = self._get_bricks()
        self._mark_ordered(bricks)
        self.assertRecordValues(
            bricks, [{"quantity_ordered": 600.0, "quantity_missing": 0.0, "quantity_over": 0.0, "is_over": False}]
        )
        # the client takes a good half of the wall off the order
        self._vary(self.wall, -300)
        bricks = self._get_bricks()
        self.assertRecordValues(
            bricks,
            [
                {
                    "quantity_planned": 200.0,
                    "quantity_ordered": 600.0,
                    "quantity_missing": 0.0,
                    "quantity_over": 400.0,
                    "is_over": True,
                }
            ],
        )
        self.assertEqual(bricks.search([("is_over", "=", True), ("project_id", "=", self.project.id)]), bricks)

    def test_what_is_not_needed_any_more_goes_unless_something_hangs_on_it(self):
        bricks = self._get_bricks()
        self._mark_ordered(bricks)
        self._vary(self.roof, -30)
        self.assertEqual(self._get_materials(), bricks)
        self._vary(self.wall, -500)
        self.assertRecordValues(self._get_bricks(), [{"quantity_planned": 0.0, "quantity_over": 600.0}])

    def test_rows_are_added_by_hand_and_stay(self):
        tape = self.env["product.product"].create({"name": "Tape"})
        row = (
            self.env["construction.material"]
            .with_user(self.foreman)
            .create({"project_id": self.project.id, "product_id": tape.id, "quantity_extra": 4.0})
        )
        self.assertIn(row, self._get_materials())
        self.assertRecordValues(row, [{"quantity_needed": 4.0, "quantity_missing": 4.0, "vendor_id": False}])
        row.quantity_extra = 5.0
        row.unlink()

    def test_planned_is_never_typed_and_planned_rows_stay(self):
        bricks = self._get_bricks()
        for vals in ({"quantity_planned": 9.0},):
            with self.assertRaisesRegex(UserError, "Extra"):
                bricks.write(vals)
        with self.assertRaisesRegex(UserError, "row of its own"):
            bricks.write({"product_id": self.crane.id})
        with self.assertRaisesRegex(UserError, "row of its own"):
            bricks.unlink()
        with self.assertRaises(ValidationError):
            bricks.quantity_extra = 1e300

    # === PACKS === #

    def test_what_is_missing_is_rounded_up_to_packs_of_the_vendor(self):
        bricks = self._get_bricks()
        self.assertRecordValues(
            bricks,
            [
                {
                    "quantity_missing": 500.0,
                    "pack_count": 5.0,
                    "pack_uom_id": self.pallet.id,
                    "quantity_to_order": 600.0,
                    "vendor_id": self.vendor.id,
                }
            ],
        )
        few = self._get_materials() - bricks
        self.assertEqual(few.pack_count, 2.0, "the vendor sells no less than two pallets")
        self.assertEqual(few.quantity_to_order, 240.0)

    def test_the_packaging_of_the_product_counts_without_a_vendor(self):
        self.brick.seller_ids.unlink()
        self.brick.uom_ids = self.pallet
        bricks = self._get_bricks()
        self.assertRecordValues(bricks, [{"pack_count": 5.0, "quantity_to_order": 600.0, "vendor_id": False}])
        self.brick.uom_ids = False
        bricks.invalidate_recordset()
        self.assertRecordValues(bricks, [{"pack_count": 0.0, "quantity_to_order": 500.0, "pack_uom_id": False}])

    # === ORDERING === #

    def test_ordering_twice_is_once(self):
        bricks = self._get_bricks()
        wizard = self._mark_ordered(bricks)
        wizard.action_mark_ordered()
        self.assertEqual(bricks.quantity_ordered, 600.0)
        with self.assertRaisesRegex(UserError, "Nothing is missing"):
            bricks.action_order()

    def test_an_order_for_several_projects_says_for_which_each_row_is(self):
        lead = self._make_deal(name="Second house")
        self._make_order(lead)
        other = self._start(lead)
        bricks = self._get_bricks()
        wizard = self.env["construction.material.order"].with_user(self.pm)
        self.assertFalse(wizard.browse(bricks.action_order()["res_id"]).has_several_projects)
        both = bricks | bricks.search([("project_id", "=", other.id), ("product_id", "=", self.brick.id)])
        wizard = wizard.browse(both.with_user(self.pm).action_order()["res_id"])
        self.assertTrue(wizard.has_several_projects)
        self.assertEqual(wizard.line_ids.project_id, self.project | other)

    def test_two_dialogs_at_once_order_once(self):
        bricks = self._get_bricks()
        wizards = [
            self.env["construction.material.order"].with_user(self.pm).browse(bricks.action_order()["res_id"])
            for _person in range(2)
        ]
        wizards[0].action_mark_ordered()
        with self.assertRaisesRegex(UserError, "meanwhile"):
            wizards[1].action_mark_ordered()
        self.assertEqual(bricks.quantity_ordered, 600.0)

    def test_what_was_ordered_by_hand_can_be_corrected(self):
        bricks = self._get_bricks()
        self._mark_ordered(bricks)
        bricks.request_ids.quantity = 480.0
        self.assertEqual((bricks.quantity_ordered, bricks.quantity_missing), (480.0, 20.0))
        bricks.request_ids.unlink()
        self.assertEqual(bricks.quantity_missing, 500.0)

    def test_the_filter_to_order_finds_what_is_missing(self):
        rows = self._get_materials()
        bricks = self._get_bricks()
        domain = [("project_id", "=", self.project.id), ("is_missing", "=", True)]
        self.assertEqual(rows.search(domain), rows)
        self._mark_ordered(bricks)
        self.assertEqual(rows.search(domain), rows - bricks)
        self.assertEqual(rows.search([("project_id", "=", self.project.id), ("is_missing", "=", False)]), bricks)
        bricks.request_ids.quantity = 10
        self.assertEqual(rows.search(domain), rows)

    def test_only_who_leads_the_project_orders(self):
        with self.assertRaises(AccessError):
            self._get_bricks().with_user(self.foreman).action_order()
        wizard = (
            self.env["construction.material.order"]
            .with_user(self.foreman)
            .create(
                {
                    "line_ids": self.env["construction.material.order"]._prepare_line_commands(self._get_bricks()),
                }
            )
        )
        with self.assertRaises(AccessError):
            wizard.action_mark_ordered()
        self._mark_ordered(self._get_bricks(), user=self.project_admin)

    def test_a_forged_link_to_a_document_is_refused(self):
        with self.assertRaisesRegex(UserError, "request for quotation"):
            self.env["construction.material.request"].with_user(self.pm).create(
                {
                    "material_id": self._get_bricks().id,
                    "quantity": 1,
                    "res_model": "res.partner",
                    "res_id": self.client.id,
                }
            )

    # === WHO SEES WHAT === #

    def test_the_foreman_notes_what_he_used(self):
        bricks = self._get_bricks().with_user(self.foreman)
        bricks.quantity_used = 120.0
        self.assertEqual(bricks.quantity_used, 120.0)
        with self.assertRaises(ValidationError):
            bricks.quantity_used = 1e300

    def test_no_cost_reaches_project_users_by_any_road(self):
        bricks = self._get_bricks()
        for user in (self.foreman, self.pm, self.salesperson):
            user.group_ids += self.env.ref("base.group_allow_export")
            mine = bricks.with_user(user)
            self.assertNotIn("unit_cost", mine.fields_get())
            self.assertNotIn("77.77", str(mine.read()) + str(mine.export_data(["product_id", "quantity_planned"])))
            self.assertNotIn("66.66", str(mine.read()))
            with self.assertRaises(AccessError):
                mine.read(["unit_cost"])
            with self.assertRaises(AccessError):
                mine.formatted_read_group([], [], ["amount:sum"])
            self.assertNotIn("77.77", str(self._export(mine)))
        estimator = new_test_user(self.env, "material_estimator", "construction_crm.group_estimator")
        self.assertEqual(bricks.with_user(estimator).amount, 500 * 77.77)

    def test_who_sees_materials(self):
        bricks = self._get_bricks()
        surveyor = new_test_user(self.env, "material_surveyor", "base.group_user,construction_crm.group_surveyor")
        other = new_test_user(self.env, "material_seller", "sales_team.group_sale_salesman")
        for user in (self.foreman, self.salesperson, self.sale_manager, self.accountant):
            self.assertTrue(bricks.with_user(user).read(["quantity_ordered", "pack_count", "vendor_id"]), user.name)
        for user in (surveyor, other, self.portal):
            self.assertFalse(bricks.with_user(user).has_access("read"), user.name)
        for user in (self.salesperson, self.accountant):
            with self.assertRaises(AccessError):
                bricks.with_user(user).quantity_extra = 3
            # opening the list refreshes it, whoever looks
            self.project.with_user(user).action_view_materials()

    def test_a_company_keeps_its_materials_to_itself(self):
        company = self.env["res.company"].create({"name": "Other builder"})
        user = new_test_user(
            self.env, "material_other", "project.group_project_user", company_id=company.id, company_ids=[company.id]
        )
        self.assertFalse(self.env["construction.material"].with_user(user).search([]))
        self.assertFalse(self._get_bricks().with_user(user).has_access("read"))

    # === THE SPREADSHEET === #

    def test_the_spreadsheet_holds_the_list(self):
        bricks = self._get_bricks()
        bricks.quantity_extra = 12.5
        rows = self._export(bricks)
        self.assertEqual(
            rows[2][:11],
            (
                "Stage of Works",
                "Reference",
                "Material",
                "Unit",
                "Planned",
                "Extra",
                "Ordered",
                "Used",
                "Missing",
                "To Order",
                "Pack",
            ),
        )
        self.assertEqual(rows[3][:11], ("Works", None, "Brick", "Units", 500, 12.5, 0, 0, 512.5, 5, "Pallet of 120"))

    def test_quantities_of_several_units_are_never_added_up(self):
        for model in ("construction.material", "construction.position", "construction.progress.line"):
            fields = self.env[model].fields_get()
            names = [name for name, field in fields.items() if name.startswith("quantity") and field["type"] == "float"]
            self.assertTrue(names)
            self.assertFalse([name for name in names if fields[name].get("aggregator")], model)

    def test_quantities_are_written_with_the_decimals_they_need(self):
        self.env["decimal.precision"].search([("name", "=", "Product Unit")]).digits = 3
        for quantity, text in ((228.5, "228.50 Units"), (30.518, "30.518 Units"), (0, "0.00 Units")):
            self.assertEqual(format_quantity(self.env, quantity, self.unit), text)
            self.assertEqual(self.env["sale.order.line"]._format_quantity(quantity, self.unit), text)

    def test_texts_stay_texts_in_the_spreadsheet(self):
        self.brick.name = '=HYPERLINK("http://evil","x")'
        bricks = self._get_bricks()
        bricks.note = "@SUM(1+1)"
        sheet = self._open_sheet(bricks)
        cells = [cell for row in sheet.iter_rows(min_row=4) for cell in row if cell.value is not None]
        self.assertFalse([cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink])
        self.assertIn('=HYPERLINK("http://evil","x")', [cell.value for cell in cells])

    def test_the_estimator_finds_costs_in_the_spreadsheet(self):
        estimator = new_test_user(self.env, "sheet_estimator", "construction_crm.group_estimator")
        rows = self._export(self._get_bricks().with_user(estimator))
        self.assertEqual(rows[3][-2:], (77.77, 500 * 77.77))

    def _open_sheet(self, materials):
        content = io.BytesIO()
        write_materials(content, materials)
        return openpyxl.load_workbook(io.BytesIO(content.getvalue())).active

    def _export(self, materials):
        return list(self._open_sheet(materials).iter_rows(values_only=True))
