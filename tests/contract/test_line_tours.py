from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from odoo.addons.base.models.ir_actions_report import IrActionsReport

from .line_common import LineCommon


@tagged("post_install", "-at_install")
class TestLineTours(LineCommon):
    """One job walked through the browser from the first call to the money, by the people who do it."""

    def test_one_job_goes_from_lead_to_money_through_many_hands(self):
        deal = self._walk_deal()
        sheet = self._walk_measuring(deal)
        quote = self._walk_quote(sheet)
        self._walk_signature(deal, quote)
        contract = self._walk_contract(deal, quote)
        self._walk_project(deal)
        self._walk_invoicing(deal, contract)
        self._walk_settlement(deal, contract)

    # === STEPS OF THE WALK === #

    def _walk_deal(self):
        self.start_tour("/odoo", "construction_line_deal", login=self.salesperson.login)
        deal = self.env["crm.lead"].search([("name", "=", "Ionescu bathroom")])
        self.assertRecordValues(
            deal,
            [
                {
                    "type": "opportunity",
                    "partner_id": self.client.id,
                    "site_id": self.site.id,
                    "construction_type_id": self.bathroom.id,
                    "user_id": self.salesperson.id,
                }
            ],
        )
        self.assertRecordValues(
            deal.evaluation_ids,
            [{"state": "planned", "user_id": self.surveyor.id, "site_id": self.site.id}],
        )
        self.assertRecordValues(
            deal.evaluation_ids.line_ids,
            [
                {"product_id": self.tiling.id, "quantity": 0.0, "zone": "Bathroom"},
                {"product_id": self.shower.id, "quantity": 0.0, "zone": "Bathroom"},
            ],
        )
        return deal

    def _walk_measuring(self, deal):
        self.start_tour("/odoo", "construction_line_visit", login=self.surveyor.login)
        with patch.multiple(self, browser_size="375x667", touch_enabled=True):
            self.start_tour("/odoo/my-visits", "construction_line_measure", login=self.surveyor.login)
        sheet = deal.evaluation_ids
        self.assertEqual(sheet.state, "measured")
        self.assertEqual(sheet.line_ids.mapped("quantity"), [23.47, 1.0])
        return sheet

    def _walk_quote(self, sheet):
        render = IrActionsReport._render_qweb_pdf

        def render_really(self, *args, **kwargs):
            # In tests Odoo else gives HTML for a PDF.
            return render(self.with_context(force_report_rendering=True), *args, **kwargs)

        with patch.object(IrActionsReport, "_render_qweb_pdf", render_really):
            self.start_tour("/odoo", "construction_line_quote", login=self.salesperson.login)
        self.assertEqual(sheet.state, "final")
        quote = sheet.order_ids
        self.assertEqual(len(quote), 1, "generated twice, it is one quote")
        self.assertRecordValues(
            quote,
            [
                {
                    "state": "sent",
                    "opportunity_id": sheet.lead_id.id,
                    "user_id": self.salesperson.id,
                    "partner_shipping_id": self.site.id,
                    "amount_untaxed": 2239.16,
                }
            ],
        )
        self.assertEqual(sheet.amount_total, quote.amount_untaxed)
        rows = [
            (line.chapter_number, line.product_id.name, line.product_uom_qty, line.price_subtotal)
            for line in quote.order_line
        ]
        self.assertEqual(
            rows,
            [
                ("1", False, 0.0, 0.0),
                ("1.1", "Porcelain tile", 25.11, 611.93),
                ("1.2", "Tile adhesive", 105.62, 119.35),
                ("1.3", "Tiler", 21.12, 657.89),
                ("2", False, 0.0, 0.0),
                ("2.1", "Shower cabin", 1.0, 849.99),
            ],
        )
        self.assertTrue(quote.sent_attachment_ids, "what was sent is kept")
        self.assertEqual(quote.sent_attachment_ids[0].raw[:4], b"%PDF")
        self.assertFalse(sheet.lead_id.stage_id.is_won)
        return quote

    def _walk_signature(self, deal, quote):
        self.start_tour(quote.get_portal_url(), "construction_line_signature")
        self.assertRecordValues(quote, [{"state": "sale", "signed_by": "Ana Ionescu"}])
        self.assertTrue(quote.signature)
        self.assertTrue(deal.stage_id.is_won)
        self.assertEqual(deal.won_status, "won")

    def _walk_contract(self, deal, quote):
        self.start_tour("/odoo", "construction_line_contract", login=self.salesperson.login)
        contract = quote.contract_id
        self.assertRecordValues(
            contract,
            [{"state": "signed", "lead_id": deal.id, "amount_total": quote.amount_total, "amount_left": 0.0}],
        )
        self.assertRecordValues(
            contract.instalment_ids,
            [
                {"name": "Advance", "state": "due", "amount": 772.51},
                {"name": "Half-way", "state": "waiting", "amount": 1158.76},
                {"name": "Settlement", "state": "waiting", "amount": 643.76},
            ],
        )
        self.assertAlmostEqual(sum(contract.instalment_ids.mapped("amount")), quote.amount_total, 2)
        self._assert_money(deal, contract=2575.03, to_invoice=2575.03)
        return contract

    def _walk_project(self, deal):
        self.start_tour("/odoo", "construction_line_project", login=self.project_manager.login)
        project = deal.project_ids
        self.assertRecordValues(
            project,
            [
                {
                    "construction_type_id": self.bathroom.id,
                    "site_id": self.site.id,
                    "user_id": self.project_manager.id,
                    "construction_stage_id": self.stages[0].id,
                }
            ],
        )
        self.assertEqual(project.milestone_ids.mapped("name"), self.stages.mapped("name"))
        tiling = project.task_ids.filtered(lambda task: "Wall tiling" in task.name)
        self.assertEqual(round(tiling.allocated_hours, 2), 21.12)
        self.assertEqual(tiling.milestone_id.project_stage_id, self.stages[1])
        self.assertEqual(len(project.task_ids), 2, "one task a chapter")

    def _walk_invoicing(self, deal, contract):
        # What sales keep on a deal must not keep the accountant from it.
        deal.tag_ids = self.env["crm.tag"].create({"name": "Bathrooms"})
        advance = contract.instalment_ids[0]
        self.start_tour("/odoo", "construction_line_invoicing", login=self.accountant.login)
        self.assertRecordValues(advance, [{"state": "collected", "amount_collected": 772.51}])
        self.assertRecordValues(
            advance.invoice_ids,
            [
                {
                    "move_type": "out_invoice",
                    "state": "posted",
                    "amount_total": 772.51,
                    "amount_residual": 0.0,
                    "lead_id": deal.id,
                }
            ],
        )
        self.assertRecordValues(
            advance.collection_ids,
            [{"amount": 772.51, "contract_id": contract.id, "lead_id": deal.id}],
        )
        self._assert_money(deal, contract=2575.03, invoiced=772.51, collected=772.51, to_invoice=1802.52)
        self.start_tour("/odoo", "construction_line_deal_invoices", login=self.accountant.login)
        self._assert_receipt(advance.collection_ids)

    def _assert_receipt(self, collection):
        action = collection.with_user(self.accountant).action_print_receipt()
        report = self.env["ir.actions.report"].with_user(self.accountant)
        html, _type = report._render_qweb_html(action["report_name"], collection.payment_id.ids)
        text = " ".join(html.decode().lower().split())
        for expected in ("772.51", "seven hundred and seventy-two", "ana ionescu", collection.contract_id.name):
            self.assertTrue(expected.lower() in text, f"{expected} is not on the receipt")

    def _walk_settlement(self, deal, contract):
        """The rest of the plan, without the browser: all is invoiced and collected, to the cent."""
        rest = contract.instalment_ids[1:]
        rest.with_user(self.salesperson).trigger_date = fields.Date.today()
        for instalment in rest.with_user(self.accountant):
            self.assertEqual(instalment.state, "due")
            instalment.action_invoice()
            invoice = instalment.invoice_ids
            invoice.action_post()
            self.assertAlmostEqual(invoice.amount_total, instalment.amount, 2)
            collect = instalment.action_collect()
            wizard = self.env[collect["res_model"]].with_user(self.accountant)
            wizard.with_context(**collect["context"]).create({}).action_collect()
            self.assertEqual(instalment.state, "collected")
        self.assertAlmostEqual(sum(contract.move_ids.mapped("amount_total")), 2575.03, 2)
        self._assert_money(deal, contract=2575.03, invoiced=2575.03, collected=2575.03)

    def _assert_money(self, deal, contract=0.0, invoiced=0.0, collected=0.0, overdue=0.0, to_invoice=0.0):
        deal.invalidate_recordset()
        self.assertRecordValues(
            deal.with_user(self.salesperson),
            [
                {
                    "amount_contract": contract,
                    "amount_invoiced": invoiced,
                    "amount_collected": collected,
                    "amount_overdue": overdue,
                    "amount_to_invoice": to_invoice,
                }
            ],
        )
