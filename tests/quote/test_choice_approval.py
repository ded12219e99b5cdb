from odoo.exceptions import AccessError, UserError
from odoo.http import Request
from odoo.tests import HttpCase, tagged

from .test_options import OptionsCommon

APPROVAL = "construction_crm.mail_activity_type_approval"


class ChoiceCommon(OptionsCommon):
    """A quote with a cheap option that brings the margin down, sent without needing an approval."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.director = cls.make_user("director", "account.group_account_readonly")
        # The second chapter costs more than it brings.
        tiles = cls.quote.order_line.filtered(lambda line: line.product_id == cls.tile)[-1]
        tiles.sudo().purchase_price = 40.0
        cls.make_offer(cls.second)
        cls.margin = 100 * cls.quote.margin_percent
        cls.rule = cls.env["construction.approval.rule"].create(
            {
                "name": "Low",
                "kind": "margin",
                "margin_percent": cls.margin - 1,
                "user_ids": [(6, 0, cls.director.ids)],
                "group_id": False,
            }
        )

    @classmethod
    def make_offer(cls, chapter):
        wizard = cls.env["construction.chapter.choice"].with_user(cls.salesperson)
        wizard.create({"line_id": chapter.id, "choice": "optional"}).action_apply()

    def send(self):
        self.quote.with_user(self.salesperson).action_quotation_sent()

    def choose(self, chapter=None, user=None):
        (chapter or self.second).with_user(user or self.salesperson).action_toggle_chosen()


@tagged("post_install", "-at_install")
class TestChoiceApproval(ChoiceCommon):
    def test_a_choice_within_the_rules_changes_nothing(self):
        self.rule.margin_percent = -90.0
        self.send()
        self.choose()
        self.assertFalse(self.quote._lacks_confirmation())
        self.assertEqual(self.quote.approval_state, "none")
        self.quote.action_confirm()
        self.assertEqual(self.quote.state, "sale")

    def test_a_choice_nobody_approved_is_kept_and_cannot_be_confirmed(self):
        self.send()
        self.choose()
        self.assertTrue(self.second.is_chosen)
        self.assertTrue(self.quote._lacks_confirmation())
        self.assertFalse(self.quote._has_to_be_signed())
        self.assertEqual(self.quote.approval_state, "to_approve")
        with self.assertRaisesRegex(UserError, "need an approval"):
            self.quote.with_user(self.salesperson).action_confirm()
        with self.assertRaisesRegex(UserError, "need an approval"):
            self.quote.with_user(self.salesperson).write({"state": "sale"})
        told = self.quote.activity_search([APPROVAL]).user_id
        self.assertEqual(told, self.director | self.salesperson)

    def test_choosing_back_what_was_sent_needs_nobody(self):
        self.send()
        self.choose()
        self.choose()
        self.assertFalse(self.quote._lacks_confirmation())
        self.assertFalse(self.quote.activity_search([APPROVAL]))
        self.quote.with_user(self.salesperson).action_confirm()

    def test_the_approver_confirms_the_combination(self):
        self.send()
        self.choose()
        with self.assertRaises(AccessError):
            self.quote.with_user(self.salesperson).action_approve()
        self.quote.with_user(self.director).action_approve()
        self.assertEqual(self.quote.approval_state, "approved")
        self.assertFalse(self.quote.activity_search([APPROVAL]))
        self.quote.with_user(self.salesperson).action_confirm()
        self.assertEqual(self.quote.state, "sale")

    def test_the_client_is_written_to_when_the_combination_is_confirmed(self):
        self.quote.write({"require_signature": True})
        self.client.email = "ana@example.com"
        self.salesperson.email = "seller@example.com"
        self.send()
        self.choose()
        before = self.quote.message_ids
        self.quote.with_user(self.director).action_approve()
        told = (self.quote.message_ids - before).filtered(lambda message: not message.is_internal)
        told = told.filtered(lambda message: message.subtype_id == self.env.ref("mail.mt_comment"))
        self.assertEqual(len(told), 1)
        self.assertIn("It can be signed now", told.body)
        self.assertIn(self.client, told.partner_ids)
        self.assertEqual(told.author_id, self.salesperson.partner_id)
        for secret in ("Low", "argin", self.director.name):
            self.assertNotIn(secret, told.body)

    def test_nobody_is_written_to_before_every_approval_is_there(self):
        self.rule.copy({"user_ids": [(6, 0, self.manager.ids)]})
        self.send()
        self.choose()
        comments = self.env.ref("mail.mt_comment")
        before = self.quote.message_ids
        self.quote.with_user(self.director).action_approve()
        self.assertNotIn(comments, (self.quote.message_ids - before).subtype_id)
        self.quote.with_user(self.manager).action_approve()
        self.assertIn(comments, (self.quote.message_ids - before).subtype_id)

    def test_an_approval_before_sending_writes_to_no_client(self):
        self.rule.margin_percent = self.margin + 1
        quote = self.quote
        quote.with_user(self.salesperson).action_request_approval()
        before = quote.message_ids
        quote.with_user(self.director).action_approve()
        self.assertNotIn(self.env.ref("mail.mt_comment"), (quote.message_ids - before).subtype_id)

    def test_a_refused_combination_stays_unsigned_until_another_is_chosen(self):
        self.send()
        self.choose()
        self.quote.with_user(self.director).action_refuse("Too cheap")
        self.assertEqual(self.quote.approval_state, "refused")
        self.assertFalse(self.quote._has_to_be_signed())
        self.choose()
        self.assertEqual(self.quote.approval_state, "none")

    def test_a_manager_lets_the_combination_go_with_a_reason(self):
        self.send()
        self.choose()
        self.quote.with_user(self.manager).action_override("Old friend")
        self.assertFalse(self.quote._lacks_confirmation())

    def test_an_approval_covers_choices_that_are_no_worse(self):
        self.rule.margin_percent = self.margin + 1
        quote = self.quote
        quote.with_user(self.salesperson).action_request_approval()
        quote.with_user(self.director).action_approve()
        self.make_offer_of_third()
        quote.with_user(self.salesperson).action_request_approval()
        quote.with_user(self.director).action_approve()
        self.send()
        better = self.third
        self.choose(better)
        self.assertFalse(quote._lacks_confirmation())
        self.choose()
        self.assertTrue(quote._lacks_confirmation())

    def make_offer_of_third(self):
        glue = self.quote.order_line.filtered(lambda line: line.product_id == self.glue)[-1]
        glue.sudo().purchase_price = 0.01
        self.make_offer(self.third)

    def test_a_rule_made_after_sending_does_not_stop_a_choice(self):
        self.rule.margin_percent = -90.0
        self.send()
        late = self.rule.copy({"margin_percent": 99.0})
        self.env.cr.execute(
            "UPDATE construction_approval_rule SET create_date = now() + interval '1 day' WHERE id = %s", [late.id]
        )
        late.invalidate_recordset(["create_date"])
        self.choose()
        self.assertFalse(self.quote._lacks_confirmation())

    def test_no_write_lets_an_option_count_without_its_note(self):
        self.send()
        line = self.quote.order_line.filtered("offered_quantity")
        for role in (self.salesperson, self.manager):
            for values in (
                {"product_uom_qty": 12.0, "offered_quantity": 0.0},
                {"product_uom_qty": 6.0},
                {"product_uom_qty": 12.0, "offered_quantity": 0.0, "price_unit": line.price_unit, "discount": 0.0},
            ):
                with self.assertRaises(UserError), self.cr.savepoint():
                    line.with_user(role).write(values)
            with self.assertRaises(UserError), self.cr.savepoint():
                self.second.with_user(role).write({"is_chosen": True})
            with self.assertRaises(UserError), self.cr.savepoint():
                self.quote.with_user(role).write({"order_line": [(1, self.second.id, {"is_chosen": True})]})
        before = len(self.quote.message_ids)
        self.choose()
        notes = self.quote.message_ids[: len(self.quote.message_ids) - before].mapped("body")
        self.assertTrue(any("Chosen" in note for note in notes))

    def test_what_was_approved_cannot_be_written(self):
        for values in ({"choice_rule_ids": [(4, self.rule.id)]}, {"approval_measures": {"1": 1}}):
            with self.assertRaises(UserError), self.cr.savepoint():
                self.quote.with_user(self.salesperson).write(values)


@tagged("post_install", "-at_install")
class TestChoiceApprovalPortal(ChoiceCommon, HttpCase):
    def test_the_client_is_told_and_cannot_sign_until_we_confirm(self):
        self.send()
        quote = self.quote
        quote.require_signature = True
        quote._portal_ensure_token()
        self.authenticate(None, None)
        self.url_open(
            f"/my/orders/{quote.id}/chapters/{self.second.id}/choose",
            data={"csrf_token": Request.csrf_token(self), "access_token": quote.access_token, "chosen": "1"},
        )
        self.assertTrue(self.second.is_chosen)
        page = self.url_open(quote.get_portal_url()).text
        self.assertIn("We will confirm this combination", page)
        for secret in ("Margin", "margin", "Low", "#modalaccept"):
            self.assertNotIn(secret, page)
        answer = self.make_jsonrpc_request(
            f"/my/orders/{quote.id}/accept",
            {"access_token": quote.access_token, "name": "Ana", "signature": "R0lGODlhAQABAAAAACw="},
        )
        self.assertIn("confirm this combination", answer["error"])
        self.assertEqual(quote.state, "sent")
        self.assertIn(self.director, quote.activity_search([APPROVAL]).user_id)
        quote.with_user(self.director).action_approve()
        self.assertIn("#modalaccept", self.url_open(quote.get_portal_url()).text)

    def test_the_client_may_decline_while_his_choice_waits(self):
        reason = self.env["crm.lost.reason"].sudo().create({"name": "Chose a rival", "is_for_clients": True})
        quote = self.quote
        quote.require_signature = True
        self.send()
        self.choose()
        quote._portal_ensure_token()
        self.authenticate(None, None)
        page = self.url_open(quote.get_portal_url()).text
        self.assertIn('name="unconfirmed_actions"', page)
        self.assertIn("Chose a rival", page)
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        url = f"/my/orders/{quote.id}/decline?access_token={quote.access_token}"
        answer = self.url_open(url, {"csrf_token": token, "decline_reason": reason.id})
        self.assertIn("You declined this quote", answer.text)
        self.env.invalidate_all()
        self.assertRecordValues(quote, [{"state": "cancel", "decline_reason_id": reason.id}])
        self.assertFalse(quote._can_be_declined_online())

    def test_the_client_is_told_what_we_refused(self):
        self.send()
        self.choose()
        self.quote.with_user(self.director).action_refuse("Too cheap")
        self.authenticate(None, None)
        page = self.url_open(self.quote.get_portal_url()).text
        self.assertIn("We cannot confirm this combination", page)
        self.assertNotIn("Too cheap", page)
        self.assertNotIn("We will confirm", page)
