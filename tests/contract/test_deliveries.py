from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import ContractCommon


@tagged("post_install", "-at_install")
class TestDeliveries(ContractCommon):
    """The delivery plan: filled from orders, delivered in parts, and told to the order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(date(2026, 3, 10)))
        cls.window = cls._create_product(name="Window", type="consu", lst_price=200.0, taxes_id=cls.tax_21)
        cls.door = cls._create_product(name="Door", type="consu", lst_price=500.0, taxes_id=cls.tax_21)
        cls.order = cls._create_order(cls._create_deal(), prices=())
        cls.order.state = "draft"
        cls.order.order_line = [
            Command.create({"product_id": product.id, "product_uom_qty": quantity, "tax_ids": [Command.clear()]})
            for product, quantity in ((cls.window, 4), (cls.works, 10), (cls.door, 1))
        ]
        cls.order.action_confirm()
        cls.order.action_create_contract()
        cls.contract = cls.order.contract_id
        cls.window_line, cls.works_line, cls.door_line = cls.order.order_line

    def _deliver(self, delivery, quantity=None, user=None, **values):
        form = Form(
            self.env["construction.deliver"]
            .with_user(user or self.env.user)
            .with_context(**delivery.action_deliver()["context"])
        )
        if quantity is not None:
            form.quantity = quantity
        wizard = form.save()
        wizard.write(values)
        wizard.action_deliver()
        return wizard

    def _fill(self):
        self.contract.action_fill_deliveries()
        return self.contract.delivery_ids.sorted("id")

    def test_goods_of_the_orders_become_rows_once(self):
        rows = self._fill()
        self.assertRecordValues(
            rows,
            [
                {"product_id": self.window.id, "quantity": 4, "sale_line_id": self.window_line.id, "uom_name": "Units"},
                {"product_id": self.door.id, "quantity": 1, "sale_line_id": self.door_line.id, "uom_name": "Units"},
            ],
        )
        with self.assertRaisesRegex(UserError, "no goods left"):
            self._fill()
        rows[0].quantity = 3
        self.assertEqual(self._fill()[2].quantity, 1)

    def test_delivering_in_parts_feeds_the_order_and_undoing_gives_it_back(self):
        window = self._fill()[0]
        self._deliver(window, 1)
        self.assertEqual((window.state, self.window_line.qty_delivered), ("partial", 1))
        self._deliver(window, date="2026-03-08")
        self.assertEqual((window.state, window.date_delivered), ("delivered", date(2026, 3, 8)))
        self.assertEqual(self.window_line.qty_delivered, 4)
        window.action_undo_delivery()
        self.assertEqual((window.state, self.window_line.qty_delivered), ("planned", 0))

    def test_what_was_delivered_on_the_order_by_hand_is_not_counted_twice(self):
        window = self._fill()[0]
        self.window_line.qty_delivered = 3
        self._deliver(window)
        self.assertEqual(self.window_line.qty_delivered, 4)
        window.action_undo_delivery()
        self.assertEqual(self.window_line.qty_delivered, 3)

    def test_more_than_ordered_is_not_told_to_the_order(self):
        window = self._fill()[0]
        self._deliver(window, 6)
        self.assertEqual((window.quantity_delivered, self.window_line.qty_delivered), (6, 4))
        window.quantity_delivered = 5
        self.assertEqual(self.window_line.qty_delivered, 4)
        window.quantity_delivered = 3
        self.assertEqual(self.window_line.qty_delivered, 3)

    def test_lines_stock_counts_itself_are_left_alone(self):
        service = self._create_product(
            name="Expert", type="service", invoice_policy="delivery", service_type="milestones", lst_price=10
        )
        order = self._create_order(False, prices=())
        order.state = "draft"
        order.order_line = [Command.create({"product_id": service.id, "product_uom_qty": 2})]
        order.action_confirm()
        self.assertNotEqual(order.order_line.qty_delivered_method, "manual")
        order.action_create_contract()
        row = self.env["construction.delivery"].create(
            {"contract_id": order.contract_id.id, "name": "X", "sale_line_id": order.order_line.id, "quantity": 2}
        )
        before = order.order_line.qty_delivered
        self._deliver(row)
        self.assertEqual((row.state, order.order_line.qty_delivered), ("delivered", before))

    def test_a_second_click_delivers_nothing(self):
        window = self._fill()[0]
        wizard = self._deliver(window, 1)
        with self.assertRaisesRegex(UserError, "recorded meanwhile"):
            wizard.action_deliver()
        self.assertEqual((window.quantity_delivered, self.window_line.qty_delivered), (1, 1))

    def test_nothing_and_tomorrow_cannot_be_delivered(self):
        window = self._fill()[0]
        with self.assertRaisesRegex(UserError, "how much"):
            self._deliver(window, 0)
        with self.assertRaisesRegex(UserError, "before its day"):
            self._deliver(window, 1, date="2026-03-11")
        self.assertEqual(window.state, "planned")

    def test_a_project_user_delivers_without_rights_on_orders(self):
        window = self._fill()[0]
        self._deliver(window, user=self.project_user)
        self.assertEqual(self.window_line.qty_delivered, 4)
        with self.assertRaises(Exception):
            self._deliver(window, 1, user=self.accountant)

    def test_removing_a_row_or_its_line_gives_back_what_it_delivered(self):
        window, door = self._fill()
        self._deliver(window)
        self._deliver(door)
        door.sale_line_id = False
        window.unlink()
        self.assertEqual((self.window_line.qty_delivered, self.door_line.qty_delivered), (0, 0))

    def test_late_rows_are_found(self):
        window, door = self._fill()
        (window + door).date_planned = "2026-03-01"
        self.contract.instalment_ids[1].trigger_date = self.contract.date_start
        self._deliver(door)
        self.assertEqual((window.is_late, window.days_late, door.is_late), (True, 9, False))
        found = self.env["construction.delivery"].search([("is_late", "=", True)])
        self.assertEqual(found & self.contract.delivery_ids, window)
        self.assertNotIn(window, self.env["construction.delivery"].search([("is_late", "=", False)]))
        self.assertEqual(self.contract.delivery_late_count, 1)

    def test_a_row_takes_only_lines_of_its_contract(self):
        other = self._create_contract(sign=False)
        with self.assertRaisesRegex(ValidationError, "order line"):
            self.env["construction.delivery"].create(
                {"contract_id": other.id, "name": "X", "sale_line_id": self.window_line.id}
            )
