from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import QuoteCommon


@tagged("post_install", "-at_install")
class TestSent(QuoteCommon):
    """What was sent stays as sent, by whichever road somebody comes; stock's own roads stay open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.quote = cls.make_sent_quote()
        cls.line = cls.quote.order_line[1]

    def assertRefused(self, action, *args):
        with self.assertRaisesRegex(UserError, "can no longer be changed"):
            action(*args)
            self.env.flush_all()

    def test_a_draft_stays_open(self):
        quote = self.generate(self.make_final_sheet())
        quote.with_user(self.salesperson).order_line[1].price_unit = 55.0
        quote.with_user(self.salesperson).write({"note": "Hello", "presentation": "chapters"})
        quote.order_line[-1].unlink()
        self.assertEqual(quote.order_line[1].price_unit, 55.0)

    def test_the_order_cannot_be_written(self):
        pricelist = self.env["product.pricelist"].create({"name": "Cheap"})
        for vals in (
            {"partner_id": self.partner_a.id},
            {"pricelist_id": pricelist.id},
            {"note": "<p>Free beer</p>"},
            {"validity_date": "2050-01-01"},
            {"presentation": "total"},
            {"payment_term_id": self.pay_terms_b.id},
            {"name": "S99999"},
            {"amount_total": 1.0},
            {"state": "draft"},
        ):
            for user in (self.salesperson, self.manager, self.env.user):
                with self.subTest(vals=vals, user=user.login):
                    self.assertRefused(self.quote.with_user(user).write, vals)

    def test_lines_cannot_be_written(self):
        for vals in (
            {"price_unit": 1.0},
            {"product_uom_qty": 99.0},
            {"discount": 50.0},
            {"name": "Gold"},
            {"tax_ids": [Command.set(self.tax_sale_a.ids)]},
            {"sequence": 999},
            {"product_id": self.glue.id},
            {"order_id": self.make_stock_order().id},
            {"chapter_number": "9"},
            {"price_subtotal": 1.0},
            {"is_downpayment": True},
            {"extra_tax_data": {"computation_key": "x"}},
        ):
            with self.subTest(vals=vals):
                self.assertRefused(self.line.with_user(self.salesperson).write, vals)

    def test_sections_cannot_be_written(self):
        chapter = self.quote.chapter_ids[0]
        for vals in ({"name": "Other"}, {"collapse_composition": True}, {"chapter_quantity": 1}):
            with self.subTest(vals=vals):
                self.assertRefused(chapter.write, vals)

    def test_lines_cannot_be_written_through_the_form(self):
        for command in (
            Command.update(self.line.id, {"price_unit": 1.0}),
            Command.delete(self.line.id),
            Command.unlink(self.line.id),
            Command.create({"product_id": self.glue.id}),
            Command.clear(),
        ):
            with self.subTest(command=command):
                self.assertRefused(self.quote.write, {"order_line": [command]})

    def test_lines_cannot_be_added(self):
        vals = {"order_id": self.quote.id, "product_id": self.glue.id, "product_uom_qty": 1}
        lines = self.env["sale.order.line"].with_user(self.salesperson)
        self.assertRefused(lambda: lines.create(vals))
        self.assertRefused(lambda: lines.create({**vals, "is_downpayment": True}))
        self.assertRefused(lambda: lines.create({"order_id": self.quote.id, "display_type": "line_note", "name": "x"}))
        stock_line = self.make_stock_order().order_line
        self.assertRefused(lambda: stock_line.write({"order_id": self.quote.id}))

    def test_lines_cannot_be_deleted(self):
        self.assertRefused(self.line.unlink)
        self.assertRefused(self.quote.chapter_ids[0].unlink)

    def test_an_import_cannot_change_it(self):
        export = self.quote.export_data(["id"])["datas"][0][0]
        result = self.env["sale.order"].load(["id", "note"], [[export, "Imported"]])
        self.assertFalse(result["ids"])
        self.assertIn("can no longer be changed", result["messages"][0]["message"])
        line = self.line.export_data(["id"])["datas"][0][0]
        result = self.env["sale.order.line"].load(["id", "price_unit"], [[line, "1.0"]])
        self.assertIn("can no longer be changed", result["messages"][0]["message"])

    def test_prices_and_taxes_cannot_be_recomputed(self):
        self.tiler.list_price = 77.0
        self.assertRefused(self.quote.action_update_prices)
        self.tiler.taxes_id = self.tax_sale_a
        self.assertRefused(self.quote.action_update_taxes)

    def test_a_global_discount_cannot_be_added(self):
        wizard = self.env["sale.order.discount"].create(
            {
                "sale_order_id": self.quote.id,
                "discount_type": "so_discount",
                "discount_percentage": 0.1,
            }
        )
        self.assertRefused(wizard.action_apply_discount)

    def test_a_sent_quote_does_not_return_to_draft(self):
        with self.assertRaisesRegex(UserError, "Revise"):
            self.quote.action_draft()
        self.quote.action_cancel()
        with self.assertRaisesRegex(UserError, "Revise"):
            self.quote.action_draft()
        self.assertRefused(lambda: self.line.write({"price_unit": 1.0}))

    def test_a_sent_quote_is_kept(self):
        self.quote.action_cancel()
        with self.assertRaisesRegex(UserError, "is kept"):
            self.quote.with_user(self.manager).unlink()

    def test_a_quote_cancelled_as_a_draft_may_return_and_go(self):
        quote = self.generate(self.make_final_sheet())
        quote.action_cancel()
        quote.action_draft()
        self.assertEqual(quote.state, "draft")
        quote.action_cancel()
        quote.with_user(self.manager).unlink()

    def test_when_it_was_sent_is_remembered_and_not_typed(self):
        self.assertTrue(self.quote.date_sent)
        with self.assertRaises(UserError):
            self.quote.write({"date_sent": False})
        with self.assertRaises(UserError):
            self.make_stock_order().write({"revision": 3})

    def test_what_is_not_the_offer_stays_open(self):
        quote = self.quote.with_user(self.salesperson)
        quote.write({"client_order_ref": "PO 12", "user_id": self.manager.id})
        quote.sudo().user_id = self.salesperson
        quote.message_post(body="Called")  # pylint: disable=translation-required
        quote.activity_schedule("mail.mail_activity_data_todo", summary="Call again")
        quote.order_line[1].write({"price_unit": quote.order_line[1].price_unit})
        self.assertEqual(self.quote.client_order_ref, "PO 12")

    def test_a_quote_by_hand_on_a_construction_deal_is_guarded_too(self):
        order = self.make_stock_order(opportunity_id=self.lead.id)
        order.action_quotation_sent()
        self.assertRefused(lambda: order.order_line.write({"price_unit": 1.0}))

    def test_orders_of_stock_stay_as_they_were(self):
        order = self.make_stock_order()
        order.action_quotation_sent()
        order.order_line.price_unit = 1.0
        order.write({"note": "Changed", "validity_date": "2050-01-01"})
        order.action_draft()
        deal = self.env["crm.lead"].create({"name": "Shop", "type": "opportunity"})
        other = self.make_stock_order(opportunity_id=deal.id)
        other.action_quotation_sent()
        other.order_line.price_unit = 2.0
        other.action_cancel()
        other.with_user(self.manager).unlink()
        self.assertEqual(order.order_line.price_unit, 1.0)
        self.assertFalse(order.date_sent)

    def test_confirmed_orders_go_through_stock_bookkeeping(self):
        self.quote.with_user(self.salesperson).action_confirm()
        self.quote.order_line.filtered("product_id").qty_delivered = 1.0
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_ids=self.quote.ids, active_model="sale.order")
            .create({"advance_payment_method": "fixed", "fixed_amount": 20.0})
        )
        wizard.create_invoices()
        down_payment = self.quote.invoice_ids
        down_payment.action_post()
        self.assertEqual(down_payment.amount_total, 20.0)
        total = self.quote.amount_total
        self.quote._force_lines_to_invoice_policy_order()
        final = self.quote._create_invoices(final=True)
        final.action_post()
        self.assertAlmostEqual(final.amount_total, total - 20.0)
        self.assertEqual(self.quote.amount_total, total)
        self.quote.partner_invoice_id = self.partner_a
        with self.assertRaisesRegex(UserError, "is confirmed"):
            self.line.write({"price_unit": 1.0})

    def test_a_down_payment_that_is_dropped_leaves_the_order(self):
        self.quote.action_confirm()
        before = self.quote.order_line
        self.env["sale.advance.payment.inv"].with_context(active_ids=self.quote.ids).create(
            {"advance_payment_method": "percentage", "amount": 30.0}
        ).create_invoices()
        self.quote.invoice_ids.unlink()
        self.assertEqual(self.quote.order_line.filtered(lambda line: not line.is_downpayment), before)

    def test_mail_marks_it_sent_and_keeps_the_very_document(self):
        quote = self.generate(self.make_final_sheet()).with_user(self.salesperson)
        action = quote.action_quotation_send()
        composer = (
            self.env["mail.compose.message"].with_user(self.salesperson).with_context(**action["context"]).create({})
        )
        composer.action_send_mail()
        self.assertEqual(quote.state, "sent")
        document = quote.sent_attachment_ids
        self.assertEqual(len(document), 1)
        self.assertEqual(document, quote.message_ids.filtered("attachment_ids").attachment_ids)
        content = document.raw
        document.name = "Another name.pdf"
        self.assertEqual(document.raw, content)
        for action in (document.unlink, lambda: document.write({"raw": b"forged"})):
            with self.assertRaisesRegex(UserError, "kept as it was"):
                action()
        quote.message_ids.filtered("attachment_ids").sudo().unlink()
        self.assertTrue(document.exists())
        self.assertEqual(document.raw, content)

    def test_a_quote_marked_as_sent_by_hand_keeps_its_document_too(self):
        report = type(self.env["ir.actions.report"])
        quote = self.make_stock_order(opportunity_id=self.lead.id, user_id=self.salesperson.id)
        with patch.object(report, "get_wkhtmltopdf_state", lambda self: "ok"):
            quote.with_user(self.salesperson).action_quotation_sent()
        self.assertEqual(len(quote.sent_attachment_ids), 1)
        self.assertIn(quote.name, quote.sent_attachment_ids.name)
        self.assertTrue(quote.sent_attachment_ids.raw)
        with self.assertRaisesRegex(UserError, "kept as it was"):
            quote.sent_attachment_ids.unlink()
        with self.assertRaisesRegex(UserError, "not by hand"):
            quote.with_user(self.salesperson).write({"sent_attachment_ids": [Command.clear()]})
        stock = self.make_stock_order()
        stock.action_quotation_sent()
        self.assertFalse(stock.sent_attachment_ids)

    def test_a_server_that_cannot_print_still_marks_quotes_as_sent(self):
        report = type(self.env["ir.actions.report"])
        quote = self.make_stock_order(opportunity_id=self.lead.id)
        with patch.object(report, "get_wkhtmltopdf_state", lambda self: "install"):
            quote.action_quotation_sent()
        self.assertEqual(quote.state, "sent")
        self.assertFalse(quote.sent_attachment_ids)

    def test_other_attachments_of_a_quote_may_go(self):
        attachment = self.env["ir.attachment"].create(
            {"name": "a.txt", "raw": b"a", "res_model": "sale.order", "res_id": self.quote.id}
        )
        attachment.unlink()
