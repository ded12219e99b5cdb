from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import QuoteCommon


class ApprovalCommon(QuoteCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.quote = cls.generate()
        cls.director = cls.make_user("director", "account.group_account_readonly")

    @classmethod
    def make_rule(cls, kind="amount", **values):
        values = {"amount": 10.0, "margin_percent": 99.0, "name": f"Rule {kind}", **values}
        return cls.env["construction.approval.rule"].create({"kind": kind, **values})

    def ask(self, quote=None, user=None):
        (quote or self.quote).with_user(user or self.salesperson).action_request_approval()

    def send(self, quote=None, user=None):
        (quote or self.quote).with_user(user or self.salesperson).action_quotation_sent()

    def assertUnsendable(self, quote=None, says="approval"):
        quote = (quote or self.quote).with_user(self.salesperson)
        with self.assertRaisesRegex(UserError, says):
            quote.action_quotation_sent()


@tagged("post_install", "-at_install")
class TestApproval(ApprovalCommon):
    # === RULES === #

    def test_without_rules_nothing_changes(self):
        self.assertEqual(self.quote.approval_state, "none")
        with self.assertQueryCount(0):
            self.assertFalse(self.quote._lacks_approval())
        self.send()
        self.assertEqual(self.quote.state, "sent")

    def test_each_kind_of_rule(self):
        for kind, met, unmet in (
            ("amount", {"amount": self.quote.amount_untaxed - 0.01}, {"amount": self.quote.amount_untaxed}),
            ("margin", {"margin_percent": 95.0}, {"margin_percent": 1.0}),
            ("discount", {"discount_percent": 4.9}, {"discount_percent": 30.0}),
            ("cost_age", {"cost_months": 3, "cost_percent": 99.0}, {"cost_months": 24}),
        ):
            self.quote.order_line.filtered("product_id").discount = 5.0 if kind == "discount" else 0.0
            if kind == "cost_age":
                self.env.cr.execute(
                    "UPDATE sale_order SET create_date = create_date - interval '9 months' WHERE id = %s",
                    [self.quote.id],
                )
                self.env["construction.component.cost"].sudo().search([]).unlink()
                self.quote.invalidate_recordset(["create_date"])
            for values, expected in ((met, "to_approve"), (unmet, "none")):
                with self.subTest(kind, **values):
                    rule = self.make_rule(kind, **values)
                    self.quote.invalidate_recordset(["approval_state"])
                    self.assertEqual(self.quote.approval_state, expected)
                    rule.unlink()

    def test_a_rule_of_another_company_or_type_or_an_archived_one_does_not_matter(self):
        other_type = self.env["construction.type"].create({"name": "New house"})
        rule = self.make_rule(construction_type_id=other_type.id)
        self.assertEqual(self.quote.approval_state, "none")
        rule.construction_type_id = self.construction_type
        self.quote.invalidate_recordset(["approval_state"])
        self.assertEqual(self.quote.approval_state, "to_approve")
        rule.active = False
        self.quote.invalidate_recordset(["approval_state"])
        self.assertEqual(self.quote.approval_state, "none")
        other_company = self.env["res.company"].create({"name": "Other"})
        rule.write({"active": True, "company_id": other_company.id, "construction_type_id": False})
        self.quote.invalidate_recordset(["approval_state"])
        self.assertEqual(self.quote.approval_state, "none")

    def test_an_amount_in_another_currency_is_converted(self):
        currency = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        pricelist = self.env["product.pricelist"].create({"name": "EUR", "currency_id": currency.id})
        quote = self.make_stock_order(opportunity_id=self.lead.id, pricelist_id=pricelist.id)
        self.assertEqual(quote.currency_id, currency)
        rule = self.make_rule(amount=quote.amount_untaxed / 2 + 0.01)
        self.assertEqual(quote.approval_state, "none")
        rule.amount = quote.amount_untaxed / 2 - 0.02
        quote.invalidate_recordset(["approval_state"])
        self.assertEqual(quote.approval_state, "to_approve")

    def test_a_rule_needs_somebody_and_sound_limits(self):
        with self.assertRaisesRegex(ValidationError, "who approves"):
            self.make_rule(group_id=False)
        for values in (
            {"amount": -1.0},
            {"margin_percent": 101.0},
            {"discount_percent": -1.0},
            {"cost_percent": 100.0},
        ):
            with self.subTest(values), self.assertRaisesRegex(ValidationError, "limits"):
                self.make_rule(**values)
        with self.assertRaisesRegex(ValidationError, "limits"):
            self.make_rule("cost_age", cost_months=0)

    def test_orders_of_stock_need_no_approval(self):
        self.make_rule()
        order = self.make_stock_order()
        order.action_quotation_sent()
        order.action_confirm()
        self.assertEqual(order.approval_state, "none")

    # === THE ROADS TO THE CLIENT === #

    def test_an_unapproved_quote_reaches_no_client(self):
        self.make_rule()
        quote = self.quote.with_user(self.salesperson)
        template = self.env.ref("sale.email_template_edi_sale")
        composer = {
            "model": "sale.order",
            "res_ids": quote.ids,
            "template_id": template.id,
            "composition_mode": "comment",
        }
        roads = {
            "send": quote.action_quotation_send,
            "mark as sent": quote.action_quotation_sent,
            "confirm": quote.action_confirm,
            "write sent": lambda: quote.write({"state": "sent"}),
            "write sale": lambda: quote.write({"state": "sale"}),
            "mail that marks it": lambda: quote.with_context(mark_so_as_sent=True).message_post(body=quote.name),
            "composer": lambda: (
                self.env["mail.compose.message"].with_user(self.salesperson).create(composer).action_send_mail()
            ),
            "template": lambda: template.send_mail(quote.id),
            "share": lambda: (
                self.env["portal.share"]
                .with_context(active_model="sale.order", active_id=quote.id)
                .default_get(["share_link"])
            ),
            "payment link": lambda: quote._get_default_payment_link_values(),
            "batch": lambda: (quote | self.make_sent_quote_free()).action_confirm(),
        }
        for name, road in roads.items():
            with self.subTest(name), self.assertRaisesRegex(UserError, "needs an approval"):
                road()
        self.assertFalse(quote._has_to_be_signed())
        self.assertFalse(quote._has_to_be_paid())
        self.assertFalse(quote._can_be_edited_on_portal())
        self.assertEqual(quote.state, "draft")

    def make_sent_quote_free(self):
        return self.make_stock_order(opportunity_id=False).with_user(self.salesperson)

    def test_a_quote_made_as_sent_at_once_is_no_way_round(self):
        self.make_rule()
        for state in ("sent", "sale"):
            with self.assertRaises(UserError):
                self.make_stock_order(opportunity_id=self.lead.id, state=state)

    def test_approvals_are_not_written_by_hand(self):
        rule = self.make_rule()
        quote = self.quote.with_user(self.manager)
        for vals in (
            {"approved_rule_ids": [Command.link(rule.id)]},
            {"approval_fingerprint": quote._get_approval_fingerprint()},
            {"approval_asked_by_id": self.manager.id},
        ):
            with self.subTest(vals), self.assertRaises(UserError):
                quote.write(vals)
            with self.subTest(vals), self.assertRaises(UserError):
                quote.copy(vals)

    def test_messages_to_the_client_carry_no_link(self):
        self.make_rule()
        message = self.quote.message_post(body=self.quote.name, message_type="comment")
        groups = {name: options for name, _f, options in self.quote._notify_get_recipients_groups(message, "Quote")}
        self.assertFalse(groups["portal_customer"]["has_button_access"])

    # === THE APPROVAL === #

    def test_asked_approved_sent(self):
        self.make_rule()
        self.assertUnsendable(says="Press Request Approval")
        self.ask()
        self.assertRecordValues(self.quote, [{"approval_state": "to_approve", "is_approval_asked": True}])
        activity = self.quote.activity_ids.filtered(lambda a: a.user_id == self.manager)
        self.assertEqual(activity.activity_type_id, self.env.ref("construction_crm.mail_activity_type_approval"))
        self.assertUnsendable(says="waits for its approval")
        self.assertTrue(self.quote.with_user(self.manager).is_approver)
        self.assertFalse(self.quote.with_user(self.salesperson).is_approver)
        self.quote.with_user(self.manager).action_approve()
        self.assertEqual(self.quote.approval_state, "approved")
        self.assertFalse(self.quote.activity_ids)
        self.send()
        self.assertRecordValues(self.quote, [{"state": "sent", "approval_state": "approved"}])

    def test_nobody_approves_his_own_quote(self):
        self.make_rule(user_ids=[Command.set((self.salesperson | self.estimator).ids)])
        self.ask()
        with self.assertRaisesRegex(AccessError, "nobody approves a quote he made"):
            self.quote.with_user(self.salesperson).action_approve()
        director = self.make_user("second_manager", "sales_team.group_sale_manager")
        mine = self.quote.copy({"user_id": self.manager.id})
        self.ask(mine, self.manager)
        with self.assertRaises(AccessError):
            mine.with_user(self.manager).action_approve()
        mine.with_user(director).action_approve()
        authored = mine.with_user(self.estimator).copy({"user_id": self.salesperson.id})
        self.ask(authored)
        with self.assertRaises(AccessError):
            authored.with_user(self.estimator).action_approve()
        authored.with_user(self.manager).action_approve()
        self.assertEqual(authored.approval_state, "approved")

    def test_a_rule_that_leaves_only_the_author_says_so(self):
        self.make_rule(group_id=False, user_ids=[Command.set(self.salesperson.ids)])
        with self.assertRaisesRegex(UserError, "name another approver"):
            self.ask()

    def test_only_named_people_approve(self):
        self.make_rule(group_id=False, user_ids=[Command.set(self.director.ids)])
        self.ask()
        for user in (self.manager, self.estimator, self.rival, self.accountant, self.surveyor):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.quote.with_user(user).action_approve()
        # The director may read quotes, not write them.
        self.quote.with_user(self.director).action_approve()
        self.assertEqual(self.quote.approval_state, "approved")

    def test_two_matters_for_two_people(self):
        self.make_rule()
        self.make_rule("margin", group_id=False, user_ids=[Command.set(self.director.ids)])
        self.ask()
        self.assertEqual(self.quote.activity_ids.user_id, self.manager | self.director | self.get_managers())
        self.quote.with_user(self.manager).action_approve()
        self.assertEqual(self.quote.approval_state, "to_approve")
        self.assertEqual(self.quote.approval_matters, "Margin (Rule margin)")
        with self.assertRaises(AccessError):
            self.quote.with_user(self.manager).action_approve()
        self.quote.with_user(self.director).action_approve()
        self.assertEqual(self.quote.approval_state, "approved")

    def get_managers(self):
        """The other sales managers of the company: the one of the tests."""
        users = self.env.ref("sales_team.group_sale_manager").all_user_ids
        return users.filtered(
            lambda user: self.env.company in user.company_ids and not self.quote._is_own_quote_of(user) and user.active
        )

    def test_refused_with_a_reason(self):
        self.make_rule()
        self.ask()
        quote = self.quote.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "reason"):
            quote.action_refuse("  ")
        action = quote.action_ask_refuse()
        wizard = self.env[action["res_model"]].with_user(self.manager).with_context(**action["context"])
        wizard.create({"reason": "Too cheap"}).action_confirm()
        self.assertRecordValues(self.quote, [{"approval_state": "refused", "approval_refused_by_id": self.manager.id}])
        message = self.quote.message_ids[0]
        self.assertIn("Too cheap", message.body)
        self.assertIn(self.salesperson.partner_id, message.partner_ids)
        self.assertFalse(self.quote.activity_ids)
        self.assertUnsendable(says="was refused")
        self.quote.order_line[1].price_unit += 5
        self.assertEqual(self.quote.approval_state, "to_approve")
        self.ask()
        quote.action_approve()
        self.send()

    def test_a_material_change_drops_the_approval(self):
        self.make_rule()
        line = self.quote.order_line[1]
        for change in (
            lambda: line.write({"price_unit": line.price_unit - 1}),
            lambda: line.write({"product_uom_qty": line.product_uom_qty + 1}),
            lambda: line.write({"discount": line.discount + 1}),
            lambda: line.write({"product_id": self.glue.id}),
            lambda: line.write({"purchase_price": line.purchase_price + 1}),
            lambda: line.copy({"order_id": self.quote.id}),
        ):
            self.ask()
            self.quote.with_user(self.manager).action_approve()
            self.assertEqual(self.quote.approval_state, "approved")
            change()
            self.quote.invalidate_recordset(["approval_state"])
            self.assertEqual(self.quote.approval_state, "to_approve")
            self.assertUnsendable()

    def test_order_and_notes_keep_the_approval(self):
        self.make_rule()
        self.ask()
        self.quote.with_user(self.manager).action_approve()
        for sequence, line in enumerate(reversed(self.quote.order_line), start=1):
            line.sequence = sequence
        self.quote.write(
            {"note": "<p>Hello</p>", "order_line": [Command.create({"display_type": "line_note", "name": "Note"})]}
        )
        self.quote.invalidate_recordset(["approval_state"])
        self.assertEqual(self.quote.approval_state, "approved")
        self.send()

    def test_what_changed_after_asking_is_not_approved_unseen(self):
        self.make_rule()
        self.ask()
        self.quote.order_line[1].price_unit = 1.0
        with self.assertRaisesRegex(UserError, "was changed after"):
            self.quote.with_user(self.manager).action_approve()

    def test_approving_needs_a_request(self):
        self.make_rule()
        with self.assertRaisesRegex(UserError, "Nobody asked"):
            self.quote.with_user(self.manager).action_approve()
        with self.assertRaisesRegex(UserError, "needs no approval"):
            self.ask(self.make_stock_order(user_id=self.salesperson.id))

    def test_a_manager_lets_it_go_with_a_reason(self):
        self.make_rule(group_id=False, user_ids=[Command.set(self.director.ids)])
        for user in (self.salesperson, self.estimator):
            with self.subTest(user.login), self.assertRaisesRegex(AccessError, "sales managers"):
                self.quote.with_user(user).action_override("Urgent")
        quote = self.quote.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "reason"):
            quote.action_override("")
        action = quote.action_ask_override()
        wizard = self.env[action["res_model"]].with_user(self.manager).with_context(**action["context"])
        wizard.create({"reason": "The director agreed by phone"}).action_confirm()
        self.assertEqual(self.quote.approval_state, "approved")
        self.assertIn("agreed by phone", self.quote.message_ids[0].body)
        self.send()

    def test_a_revision_needs_an_approval_of_its_own(self):
        self.make_rule()
        self.ask()
        self.quote.with_user(self.manager).action_approve()
        self.send()
        self.quote.with_user(self.salesperson).action_revise()
        revision = self.quote.next_revision_ids
        self.assertEqual(revision.approval_state, "to_approve")
        self.assertUnsendable(revision)

    def test_quotes_are_found_by_their_approval(self):
        self.make_rule()
        orders = self.env["sale.order"]

        def found(state, operator="="):
            return self.quote in orders.search([("approval_state", operator, state)])

        self.assertTrue(found("to_approve"))
        self.assertFalse(found("none"))
        self.assertTrue(found("none", "!="))
        self.ask()
        self.quote.with_user(self.manager).action_approve()
        self.assertTrue(found("approved"))
        self.assertFalse(found("to_approve"))
        self.assertTrue(self.make_stock_order() in orders.search([("approval_state", "=", "none")]))

    # === SECRETS === #

    def test_a_salesperson_learns_the_matter_not_the_figure(self):
        self.make_rule("margin", name="Low margin", margin_percent=87.65)
        quote = self.quote.with_user(self.salesperson)
        self.assertEqual(quote.approval_matters, "Margin (Low margin)")
        with self.assertRaises(UserError) as raised:
            quote.action_quotation_sent()
        self.assertNotIn("87", str(raised.exception))
        rules = self.env["construction.approval.rule"].with_user(self.salesperson)
        for name in ("margin_percent", "discount_percent", "amount", "cost_months", "cost_percent"):
            self.assertNotIn(name, rules.fields_get())
            with self.assertRaises(AccessError):
                rules.search([]).read([name])
        with self.assertRaises(AccessError):
            rules.create({"name": "x"})
        with self.assertRaises(AccessError):
            self.env["construction.approval.rule"].with_user(self.surveyor).search([])
        self.env["construction.approval.rule"].with_user(self.manager).search([]).margin_percent = 12.0
