from odoo.tests import tagged

from .line_common import USER_ERROR, LineCommon


@tagged("post_install", "-at_install")
class TestLineRefusals(LineCommon):
    """Along the line, each step is refused to those whose work it is not, in words they understand.

    All calls go over HTTP as the web client would make them.
    """

    def assert_refused_to(self, users, records, method, *args, **expected):
        for user in users:
            self.assert_refused(user, records, method, *args, **expected)

    def test_only_sales_open_deals_and_plan_visits(self):
        values = {"name": "Mine", "type": "opportunity", "construction_type_id": self.bathroom.id}
        others = (self.surveyor, self.project_manager, self.accountant)
        self.assert_refused_to(others, self.env["crm.lead"], "create", [values])
        sheet = self.make_deal()
        self.assert_refused_to(others, self.env["construction.evaluation"], "create", [{"lead_id": sheet.lead_id.id}])
        self.assert_refused(self.colleague, sheet.lead_id, "read", ["name"])
        self.assert_refused(self.colleague, sheet, "read", ["name"])

    def test_a_surveyor_measures_and_neither_prices_nor_finalises(self):
        sheet = self.make_deal()
        for method in ("action_check", "action_finalize", "action_reset", "action_cancel"):
            self.assert_refused(self.surveyor, sheet, method, says="You measure evaluation sheets")
        self.assert_refused(self.surveyor, sheet, "read", ["amount_total"])
        self.assert_refused(self.surveyor, sheet.line_ids, "read", ["price_unit"])
        self.assert_refused(
            self.surveyor,
            self.env["construction.evaluation.line"],
            "formatted_read_group",
            [("evaluation_id", "=", sheet.id)],
            [],
            ["price_subtotal:sum"],
        )
        self.assert_refused(
            self.surveyor,
            self.env["construction.evaluation.line"],
            "search_count",
            [("price_unit", ">", 50)],
        )
        self.assertEqual(sheet.state, "measured")

    def test_measuring_is_not_for_the_project_manager_nor_the_accountant(self):
        sheet = self.make_deal()
        for user in (self.project_manager, self.accountant):
            self.assert_refused(user, sheet.line_ids, "write", {"quantity": 1})
            self.assert_refused(user, sheet, "action_finalize")
        self.assertEqual(sheet.line_ids.mapped("quantity"), [23.47, 1.0])

    def test_only_the_deals_own_sales_make_its_quote(self):
        sheet = self.make_deal()
        self.assert_refused(self.salesperson, sheet, "action_generate_quote", error=USER_ERROR, says="Finalise")
        sheet.with_user(self.salesperson).action_finalize()
        others = (self.surveyor, self.project_manager, self.accountant, self.colleague)
        self.assert_refused_to(others, sheet, "action_generate_quote")
        self.assertFalse(sheet.order_ids)
        self.assert_refused(
            self.salesperson,
            sheet.line_ids,
            "write",
            {"quantity": 2},
            error=USER_ERROR,
            says="is final and cannot be changed",
        )

    def test_only_sales_send_and_confirm_a_quote(self):
        quote = self.make_quote()
        others = (self.surveyor, self.project_manager, self.colleague)
        for method in ("action_quotation_sent", "action_confirm"):
            self.assert_refused_to(others, quote, method)
        self.assertEqual(quote.state, "draft")
        quote.action_quotation_sent()
        self.assert_refused(
            self.salesperson,
            quote.order_line.filtered("product_id")[:1],
            "write",
            {"price_unit": 1.0},
            error=USER_ERROR,
            says="can no longer be changed",
        )

    def test_nobody_signs_a_quote_without_its_link(self):
        quote = self.make_quote()
        quote.action_quotation_sent()
        self.authenticate(None, None)
        for token in ("", "0123456789"):
            answer = self.url_open(
                f"/my/orders/{quote.id}/accept",
                json={
                    "id": 0,
                    "jsonrpc": "2.0",
                    "method": "call",
                    "params": {"access_token": token, "name": "Somebody", "signature": "R0lGODlhAQABAAAAACw="},
                },
            ).json()
            self.assertIn("error", answer["result"])
        self.assertEqual(quote.state, "sent")
        self.assertFalse(quote.opportunity_id.stage_id.is_won)

    def test_only_sales_make_and_sign_the_contract(self):
        quote = self.make_quote()
        self.assert_refused(self.salesperson, quote, "action_create_contract", error=USER_ERROR, says="Confirm order")
        quote.with_user(self.salesperson).action_confirm()
        others = (self.surveyor, self.project_manager, self.accountant, self.colleague)
        self.assert_refused_to(others, quote, "action_create_contract")
        self.assertFalse(quote.contract_id)
        quote.with_user(self.salesperson).action_create_contract()
        self.assert_refused_to(others, quote.contract_id, "action_sign")
        self.assertEqual(quote.contract_id.state, "draft")

    def test_only_project_people_start_the_project(self):
        deal = self.make_deal().lead_id
        self.assert_refused(self.project_manager, deal, "action_start_project", error=USER_ERROR)
        deal.evaluation_ids.with_user(self.salesperson).action_finalize()
        deal.evaluation_ids.with_user(self.salesperson).action_generate_quote()
        deal.order_ids.with_user(self.salesperson).action_confirm()
        others = (self.salesperson, self.surveyor, self.accountant)
        self.assert_refused_to(others, deal, "action_start_project", says="project")
        self.assertFalse(deal.project_ids)
        self.assert_refused(self.project_manager, deal, "read", ["amount_contract"])

    def test_only_the_accountant_invoices_and_collects(self):
        contract = self.make_contract()
        advance, half_way, settlement = contract.instalment_ids
        others = (self.salesperson, self.project_manager)
        self.assert_refused_to(others, advance, "action_invoice", says="Ask your accountant")
        # the salesperson of the contract may record money for the accountant to confirm
        self.assert_refused(self.project_manager, advance, "action_collect", says="Ask your accountant")
        for method in ("action_invoice", "action_collect"):
            self.assert_refused(self.surveyor, advance, method)
        self.assert_refused(self.accountant, half_way, "action_invoice", error=USER_ERROR, says="is not due yet")
        self.assert_refused(self.accountant, settlement, "action_invoice", error=USER_ERROR, says="is not due yet")
        self.assertFalse(contract.move_ids)

    def test_the_accountant_reads_the_deal_and_changes_nothing_on_it(self):
        contract = self.make_contract()
        deal = contract.lead_id
        answer = self.call(self.accountant, deal, "read", ["amount_contract", "amount_to_invoice"])
        self.assertEqual(answer["result"][0]["amount_contract"], contract.amount_total)
        self.assert_refused(self.accountant, deal, "write", {"name": "x"})
        self.assert_refused(self.accountant, contract, "write", {"date_signed": False})
        self.assert_refused(self.accountant, contract.instalment_ids[0], "write", {"percent": 1})
        self.assert_refused_to((self.surveyor, self.project_manager), deal, "read", ["amount_contract"])
