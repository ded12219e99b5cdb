from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .progress_common import ProgressCommon


@tagged("post_install", "-at_install")
class TestCertificate(ProgressCommon):
    """Certificates: from approved progress to the invoice, to the cent."""

    def test_a_certificate_is_invoiced_to_the_cent(self):
        self._report({self.wall: 10, self.paint: 7})
        certificate = self._certificate()
        self.assertRecordValues(
            certificate,
            [
                {
                    "number": 1,
                    "state": "approved",
                    "amount_contract": self.contract.amount_untaxed,
                    "amount_previous": 0.0,
                    "amount_period": 188.87 + 699.93,
                    "amount_difference": 0.0,
                }
            ],
        )
        row = certificate.instalment_id
        self.assertRecordValues(
            row, [{"state": "due", "amount": certificate.amount_period_taxed, "name": "Certificate 1"}]
        )
        self.assertEqual(row.sudo().activity_id.user_id, self.contract.user_id)
        move = self._invoice_certificate(certificate)
        self.assertEqual(move.amount_total, certificate.amount_period_taxed)
        self.assertEqual(move.amount_untaxed, certificate.amount_period)
        self.assertEqual(certificate.state, "invoiced")
        self.assertMoneyTrue()

    def test_the_last_certificate_brings_exactly_the_contract(self):
        for done in ({self.wall: 10}, {self.wall: 10, self.roof: 0.3333}, {self.paint: 3.1}):
            self._report(done)
            self._invoice_certificate(self._certificate())
        self._report({self.wall: 10, self.roof: 0.6667, self.paint: 3.9})
        certificate = self._certificate()
        move = self._invoice_certificate(certificate)
        self.assertEqual(certificate.amount_remaining, 0)
        self.assertEqual(certificate.amount_cumulative, self.contract.amount_untaxed)
        self.assertAlmostEqual(move.amount_total, certificate.amount_period_taxed, 2)
        self.assertAlmostEqual(self.contract.amount_invoiced, self.contract.amount_total, 2)
        self.assertEqual(self.contract._get_certificate_pot().amount, 0)
        self.assertMoneyTrue()

    def test_only_the_latest_is_editable(self):
        self._report({self.wall: 10})
        first = self._certificate().with_user(self.manager)
        self._report({self.wall: 10})
        second = self._certificate(approve=False).with_user(self.manager)
        with self.assertRaisesRegex(UserError, "later certificates"):
            first.action_withdraw()
        with self.assertRaisesRegex(UserError, "no draft"):
            first.line_ids[0].quantity_cumulative = 1
        with self.assertRaisesRegex(UserError, "no draft"):
            first.date = "2026-01-01"
        second.line_ids[0].write({"quantity_cumulative": 15, "reason": "The client disputes five"})
        second.action_approve()
        self.assertEqual(second.line_ids[0].quantity_period, 5)
        second.action_withdraw()
        self.assertEqual(second.state, "draft")
        second.action_cancel()
        self.assertEqual(second.state, "cancelled")
        first.action_withdraw()
        self.assertEqual(len(self.contract.instalment_ids), 1)
        self.assertEqual(self.contract._get_certificate_pot().amount, self.contract.amount_total)

    def test_a_hand_edit_needs_its_reason_and_never_more_than_all(self):
        self._report({self.wall: 10})
        certificate = self._certificate(approve=False).with_user(self.manager)
        line = certificate.line_ids.filtered(lambda line: line.position_id == self.wall)
        line.percent_cumulative = 20
        self.assertEqual(line.quantity_period, 6)
        with self.assertRaisesRegex(UserError, "say why"):
            certificate.action_approve()
        with self.assertRaises(ValidationError):
            line.quantity_cumulative = 31
        with self.assertRaises(ValidationError):
            line.quantity_cumulative = -1

    def test_an_invoiced_certificate_stays_until_its_invoice_is_cancelled_or_credited(self):
        self._report({self.wall: 10})
        certificate = self._certificate()
        move = self._invoice_certificate(certificate, post=False)
        with self.assertRaisesRegex(UserError, "is invoiced"):
            certificate.with_user(self.manager).action_withdraw()
        move.button_cancel()
        certificate.with_user(self.manager).action_withdraw()
        certificate.with_user(self.manager).action_approve()
        move = self._invoice_certificate(certificate)
        # credit note on the last one
        wizard = self.env["account.move.reversal"].with_context(active_model="account.move", active_ids=move.ids)
        wizard.create({"journal_id": move.journal_id.id}).reverse_moves()
        move.reversal_move_ids.action_post()
        self.assertMoneyTrue()
        self.assertEqual(certificate.state, "approved")
        manager_view = certificate.with_user(self.manager)
        manager_view.action_withdraw()
        self.assertEqual(certificate.instalment_id.amount, 0)
        self.assertEqual(self.contract._get_certificate_pot().amount, self.contract.amount_total)
        line = manager_view.line_ids.filtered(lambda line: line.position_id == self.wall)
        line.write({"quantity_cumulative": 5, "reason": "Five were bad"})
        manager_view.action_approve()
        move = self._invoice_certificate(certificate)
        self.assertEqual(move.amount_total, certificate.amount_period_taxed)
        self.assertMoneyTrue()

    def test_a_certificate_that_was_credited_and_given_up_is_no_instalment(self):
        self._report({self.wall: 10})
        first = self._certificate()
        move = self._invoice_certificate(first)
        wizard = self.env["account.move.reversal"].with_context(active_model="account.move", active_ids=move.ids)
        wizard.create({"journal_id": move.journal_id.id}).reverse_moves()
        move.reversal_move_ids.action_post()
        first.with_user(self.manager).action_withdraw()
        self.assertTrue(first.instalment_id, "The row of the credited invoice is kept.")
        first.with_user(self.manager).action_cancel()
        second = self._certificate()
        move = self._invoice_certificate(second)
        asking = self.contract.instalment_ids.filtered("amount_gross")
        self.assertEqual(len(asking), len(self.contract.instalment_ids) - 1)
        self.assertIn(f"instalment {len(asking) - 1} of {len(asking)}:", move.narration)
        self.assertMoneyTrue()

    def test_a_negative_certificate_waits_for_the_next_works(self):
        self._report({self.wall: 20})
        self._invoice_certificate(self._certificate())
        self._report({self.wall: -10}, is_correction=True, correction_reason="Ten fell down")
        with self.assertRaisesRegex(UserError, "less than nothing"):
            self._certificate()
        self._report({self.roof: 1})
        certificate = self._certificate()
        self.assertAlmostEqual(certificate.amount_period, 1234.57 - 188.87, 2)
        move = self._invoice_certificate(certificate)
        self.assertEqual(move.amount_total, certificate.amount_period_taxed)
        self.assertMoneyTrue()

    def test_nothing_done_is_no_certificate(self):
        with self.assertRaisesRegex(UserError, "nothing to certify"):
            self._certificate()

    def test_making_and_approving_twice_is_once(self):
        self._report({self.wall: 10})
        first = self._certificate(approve=False)
        self.assertEqual(self._certificate(), first)
        first.with_user(self.project_admin).action_approve()
        self.assertEqual(len(self.contract.certificate_ids), 1)
        self.assertEqual(len(first.instalment_ids), 1)
        first.with_user(self.accountant).action_invoice()
        first.with_user(self.accountant).instalment_id.action_invoice()
        self.assertEqual(len(first.instalment_id.invoice_ids), 1)

    def test_extra_works_during_the_cycle(self):
        self._report({self.wall: 15, self.roof: 1})
        self._invoice_certificate(self._certificate())
        draft = self._certificate(approve=False)
        more = self._prepare_chapter(
            "1", self.items[0], 30, [(30, 10.0)], origin_chapter_id=self.wall.chapter_line_id.id
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partner_a.id,
                "opportunity_id": self.contract.lead_id.id,
                "order_line": more + self._prepare_chapter("4", self.items[1], 2, [(2, 50.0)]),
            }
        )
        order.action_confirm()
        order.action_add_to_contract()
        extra = self.contract.position_ids.filtered(lambda position: position.order_id == order)
        self._report({extra: 1, self.wall: 15})
        draft.with_user(self.manager).action_propose()
        draft.with_user(self.manager).action_approve()
        self.assertAlmostEqual(draft.amount_original, 2501.11, 2)
        self.assertAlmostEqual(draft.amount_variations, 400.0, 2)
        self.assertEqual(draft.amount_difference, 0)
        self._invoice_certificate(draft)
        self._report({extra: 1, self.wall: 30, self.paint: 7})
        last = self._certificate()
        self._invoice_certificate(last)
        self.assertEqual(last.amount_remaining, 0)
        self.assertAlmostEqual(self.contract.amount_invoiced, self.contract.amount_total, 2)
        self.assertMoneyTrue()

    def test_the_open_plan_becomes_the_pot(self):
        self.template.line_ids = [
            Command.clear(),
            Command.create({"name": "Advance", "kind": "advance", "percent": 30, "trigger": "signature"}),
            Command.create({"name": "Half way", "percent": 33.33, "trigger": "date"}),
            Command.create({"name": "Settlement", "kind": "final", "amount_type": "rest"}),
        ]
        contract = self._make_contract()
        self._start_project(contract)
        advance = contract.instalment_ids[0]
        self._invoice(advance)
        contract.action_invoice_by_certificates()
        contract.action_invoice_by_certificates()
        pot = contract._get_certificate_pot()
        self.assertEqual(contract.instalment_ids, advance + pot)
        self.assertIn("certificates", contract.plan_change_ids[0].reason)
        roof = contract.position_ids.filtered(lambda position: position.number == "2")
        self._report({roof: 0.5}, project=contract.construction_project_id)
        certificate = self._certificate(contract=contract)
        # the advance paid its share of these works: it is not billed twice
        share = pot.currency_id.round(certificate.amount_period_taxed * 0.7)
        self.assertAlmostEqual(certificate.instalment_id.amount, share, 1)
        self.assertAlmostEqual(certificate.amount_otherwise, certificate.amount_period_taxed - share, 1)
        self._invoice_certificate(certificate)
        rest = {p: p.quantity - p.quantity_done for p in contract.position_ids}
        self._report(rest, project=contract.construction_project_id)
        self._invoice_certificate(self._certificate(contract=contract))
        self.assertAlmostEqual(contract.amount_invoiced, contract.amount_total, 2)
        self.assertMoneyTrue(contract)

    def test_a_recouped_advance_and_a_retention_are_read_from_the_invoice(self):
        self.template.line_ids = [
            Command.clear(),
            Command.create({"name": "Advance", "kind": "advance", "percent": 20, "trigger": "signature"}),
            Command.create({"name": "Works", "amount_type": "rest", "trigger": "certificate"}),
        ]
        contract = self._make_contract(
            contract_values={
                "advance_recoup": "proportional",
                "retention_percent": 5,
                "retention_method": "withheld",
                "retention_base": "total",
            }
        )
        project = self._start_project(contract)
        self._invoice(contract.instalment_ids[0])
        roof, wall = (contract.position_ids.filtered(lambda p, n=n: p.number == n) for n in ("2", "1"))
        self._report({roof: 1}, project=project)
        certificate = self._certificate(contract=contract)
        before = certificate.read(["amount_recouped", "amount_billed", "amount_retained", "amount_net"])[0]
        self.assertGreater(before["amount_recouped"], 0)
        self.assertGreater(before["amount_retained"], 0)
        self.assertEqual(certificate.amount_otherwise, 0)
        move = self._invoice_certificate(certificate)
        certificate.invalidate_recordset()
        after = certificate.read(["amount_recouped", "amount_billed", "amount_retained", "amount_net"])[0]
        self.assertEqual(before, after)
        self.assertRecordValues(
            move, [{"amount_total": after["amount_billed"], "amount_retention": after["amount_retained"]}]
        )
        self._report({wall: 30, (contract.position_ids - roof - wall): 7}, project=project)
        self._invoice_certificate(self._certificate(contract=contract))
        self.assertAlmostEqual(contract.amount_invoiced, contract.amount_total, 2)
        self.assertMoneyTrue(contract)

    def test_a_retention_row_of_the_plan_is_left_out_of_each_certificate(self):
        self.template.line_ids = [
            Command.clear(),
            Command.create({"name": "Works", "percent": 95, "trigger": "certificate"}),
            Command.create({"name": "Retention", "percent": 5, "kind": "retention", "trigger": "warranty_end"}),
        ]
        contract = self._make_contract()
        project = self._start_project(contract)
        for share in (0.3, 0.7):
            self._report({p: p.quantity * share for p in contract.position_ids}, project=project)
            self._invoice_certificate(self._certificate(contract=contract))
        retention = contract.instalment_ids.filtered(lambda row: row.kind == "retention")
        self.assertAlmostEqual(contract.amount_invoiced + retention.amount, contract.amount_total, 2)
        self.assertMoneyTrue(contract)

    def test_without_a_pot_a_certificate_is_a_document(self):
        self.template.line_ids = [Command.clear(), Command.create({"name": "All", "percent": 100, "trigger": "date"})]
        contract = self._make_contract()
        project = self._start_project(contract)
        self._report({contract.position_ids[0]: 1}, project=project)
        certificate = self._certificate(contract=contract)
        self.assertFalse(certificate.instalment_id)
        self.assertEqual(len(contract.instalment_ids), 1)
        with self.assertRaisesRegex(UserError, "no row for certificates"):
            certificate.with_user(self.accountant).action_invoice()

    def test_the_reconciliation_cannot_be_broken(self):
        self._report({self.wall: 10})
        certificate = self._certificate(approve=False)
        with self.assertRaisesRegex(ValidationError, "does not add up"):
            certificate.line_ids[0].sudo().amount_remaining += 0.01
        for user in (self.manager, self.project_admin):
            with self.assertRaisesRegex(UserError, "follow from its quantities"):
                certificate.line_ids[0].with_user(user).amount_cumulative = 5
            with self.assertRaises(AccessError):
                certificate.line_ids.with_user(user).unlink()
            with self.assertRaisesRegex(UserError, "buttons"):
                certificate.with_user(user).step = "approved"
        certificate.with_user(self.manager).action_approve()
        row = certificate.instalment_id
        for values in ({"amount_fixed": 1.0}, {"trigger": "date"}):
            with self.assertRaisesRegex(UserError, "comes from a progress certificate"):
                row.with_user(self.sale_manager).write(values)
        with self.assertRaisesRegex(UserError, "comes from a progress certificate"):
            row.with_user(self.sale_manager).unlink()
        with self.assertRaisesRegex(UserError, "pays the progress certificates"):
            self.contract._get_certificate_pot().with_user(self.sale_manager).unlink()
        with self.assertRaisesRegex(UserError, "was approved"):
            self.contract.with_user(self.sale_manager).action_draft()

    def test_who_may_what(self):
        self._report({self.wall: 10})
        for user in (self.foreman, self.salesman, self.accountant):
            with self.assertRaises(AccessError):
                self.contract.with_user(user).action_make_certificate()
        certificate = self._certificate(approve=False)
        for user in (self.foreman, self.salesman, self.accountant, self.auditor):
            self.assertTrue(certificate.with_user(user).percent_done)
            with self.assertRaises(AccessError):
                certificate.with_user(user).action_approve()
        for user in (self.foreman, self.manager):
            with self.assertRaises(AccessError):
                certificate.with_user(user).read(["amount_period"])
            with self.assertRaises(AccessError):
                certificate.line_ids.with_user(user).read(["amount_period"])
        for user in (self.salesman, self.accountant, self.auditor, self.project_admin):
            self.assertTrue(certificate.with_user(user).amount_period)
        for user in (self.other_salesman, self.surveyor):
            with self.assertRaises(AccessError):
                certificate.with_user(user).read(["state"])
        certificate.with_user(self.manager).action_approve()
        with self.assertRaises(AccessError):
            certificate.with_user(self.manager).action_invoice()

    def test_price_included_taxes_several_orders_discounts_and_foreign_currency(self):
        included = self.percent_tax(19.0, price_include_override="tax_included")
        currency = self.setup_other_currency("GBP", rounding=0.01, rates=[("2020-01-01", 0.87)])
        pricelist = self.env["product.pricelist"].create({"name": "Pounds", "currency_id": currency.id})
        contract = self._make_contract(
            self._prepare_lines(included)
            + self._prepare_chapter("4", self.items[0], 3, [(1, 77.77), (3, 0.33)], self.tax_ugly),
            sign=False,
            discount=0.07,
            pricelist_id=pricelist.id,
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partner_a.id,
                "opportunity_id": contract.lead_id.id,
                "pricelist_id": pricelist.id,
                "order_line": self._prepare_chapter("5", self.items[1], 3, [(3, 33.33)]),
            }
        )
        order.action_confirm()
        order.action_add_to_contract()
        contract.action_sign()
        project = self._start_project(contract)
        works = contract.position_ids.filtered(lambda position: not position.is_follower)
        self.assertEqual(contract.currency_id, currency)
        for share in (0.1, 0.23, 0.33, 0.34):
            self._report({p: p.quantity * share for p in works}, project=project)
            certificate = self._certificate(contract=contract)
            move = self._invoice_certificate(certificate)
            self.assertAlmostEqual(move.amount_total, certificate.amount_period_taxed, 2)
            self.assertEqual(move.currency_id, currency)
            self.assertMoneyTrue(contract)
        self.assertAlmostEqual(contract.amount_invoiced, contract.amount_total, 2)
        self.assertEqual(certificate.amount_remaining, 0)
