from base64 import b64encode
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..query_count import counting
from .common import ContractCommon

TEXT = b64encode(b"signed")


@tagged("post_install", "-at_install")
class TestContractTerms(ContractCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.text = cls.env["construction.contract.template"].create(
            {
                "name": "House",
                "body": "<p>Between {company_name} and {client_name}, {client_vat}: {amount}.</p>",
                "service_terms": "<p>Two visits a year.</p>",
                "penalty_own_percent": 0.1,
                "penalty_own_cap": 10,
                "penalty_client_percent": 0.05,
                "defect_repair_days": 15,
                "place_signed": "Chisinau",
            }
        )
        cls.construction_type.contract_template_id = cls.text
        cls.partner_a.vat = "BE0477472701"

    # === TERMS === #

    def test_a_contract_takes_the_terms_of_the_template_of_its_type(self):
        contract = self._create_contract(sign=False)
        self.assertRecordValues(
            contract,
            [
                {
                    "template_id": self.text.id,
                    "penalty_own_percent": 0.1,
                    "penalty_own_cap": 10,
                    "penalty_client_percent": 0.05,
                    "defect_repair_days": 15,
                    "place_signed": "Chisinau",
                }
            ],
        )
        self.assertIn("{client_name}", contract.body)
        self.assertIn("Two visits", contract.service_terms)
        self.assertIn(f"{self.partner_a.name}, BE0477472701", contract._get_terms_html())

    def test_a_contract_made_without_a_screen_takes_its_terms_too(self):
        values = {"partner_id": self.partner_a.id, "template_id": self.text.id}
        plain, own = self.env["construction.contract"].create([values, {**values, "body": "<p>Ours</p>"}])
        self.assertIn("{client_name}", plain.body)
        self.assertEqual(plain.penalty_own_cap, 10)
        self.assertEqual((own.body, own.defect_repair_days), ("<p>Ours</p>", 15))

    def test_choosing_another_template_takes_over_its_text(self):
        contract = self._create_contract(sign=False)
        other = self.text.copy({"name": "Roof", "body": "<p>Roof of {client_name}</p>", "penalty_own_percent": 0.3})
        with Form(contract) as form:
            form.template_id = other
        self.assertIn("Roof of", contract.body)
        self.assertEqual(contract.penalty_own_percent, 0.3)

    def test_the_text_comes_in_the_language_of_the_client(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        body = "<p>Entre {company_name} et {client_name}, {client_vat}: {amount}.</p>"
        terms = dict(self.text.get_field_translations("body")[0][0])
        self.text.update_field_translations("body", {"fr_FR": {terms["source"]: body[3:-4]}})
        self.partner_a.lang = "fr_FR"
        contract = self._create_contract(sign=False)
        self.assertIn("Entre {company_name}", contract.body)
        self.assertIn("1 210,00", contract._get_terms_html().replace("\u202f", " ").replace("\xa0", " "))

    def test_unknown_placeholders_are_named(self):
        with self.assertRaisesRegex(ValidationError, r"\{client_nmae\}"):
            self.text.body = "<p>{client_nmae}</p>"
        contract = self._create_contract(sign=False)
        contract.body = "<p>{wrong_one}</p>"
        self.assertIn("{wrong_one}", contract.missing_data)
        with self.assertRaisesRegex(UserError, "wrong_one"):
            contract.action_sign()

    def test_placeholders_never_run_code_and_are_escaped(self):
        self.partner_a.name = "<b>Ana</b> {company_name}"
        contract = self._create_contract(sign=False)
        contract.body = "<p>{client_name} {{ object.env.cr }} {object.env.user.login} <t t-out='1+1'/></p>"
        html = contract._get_terms_html()
        self.assertIn("&lt;b&gt;Ana&lt;/b&gt; {company_name}", html)
        self.assertIn("object.env.user.login", html)
        self.assertNotIn(self.env.user.login, html)
        self.assertNotIn("<b>Ana", html)

    def test_a_known_placeholder_without_a_value_blocks_signing_and_leads_there(self):
        self.partner_a.vat = False
        contract = self._create_contract(sign=False)
        entry = next(entry for entry in contract.missing_list if "client_vat" in entry["message"])
        self.assertEqual(entry["field"], "partner_id")
        self.assertIn("____", contract._get_terms_html(), "the draft is printed with a line to write on")
        with self.assertRaisesRegex(UserError, "client_vat"):
            contract.action_sign()

    def test_what_was_signed_stays_as_signed(self):
        contract = self._create_contract()
        signed = contract._get_terms_html()
        self.assertIn("BE0477472701", signed)
        self.partner_a.name = "Renamed"
        self.assertEqual(contract._get_terms_html(), signed)
        for values in (
            {"body": "<p>Other</p>"},
            {"penalty_own_percent": 5},
            {"name": "X"},
            {"partner_id": self.partner_b.id},
            {"date_signed": "2020-01-01"},
        ):
            with self.assertRaisesRegex(UserError, "is signed"):
                contract.write(values)
        contract.write({"external_number": "A-17", "penalty_own_percent": 0.1})
        contract.action_draft()
        self.assertFalse(contract.body_signed)
        contract.body = "<p>Other</p>"

    def test_tables_can_stand_in_the_text(self):
        contract = self._create_contract(sign=False)
        contract.body = "<p>Works:</p>{works}<p>Plan:</p>{payment_plan}"
        html = contract._get_terms_html()
        self.assertIn("Settlement", html)
        self.assertIn("Works", html)
        self.assertTrue(contract._has_table("payment_plan"))
        self.assertFalse(contract._has_table("delivery_plan"))
        contract.action_sign()
        self.assertIn("Settlement", contract.body_signed)

    def test_every_placeholder_has_a_value_on_a_full_contract(self):
        contract = self._create_contract(sign=False)
        contract.delivery_ids = [Command.create({"name": "Windows", "quantity": 4})]
        names = contract._get_placeholder_labels()
        values = contract._get_placeholder_values(names)
        self.assertEqual(set(values), set(names))
        self.assertIn("Windows", values["delivery_plan"])
        self.assertEqual(values["penalty_own_percent"], "0.1\N{NO-BREAK SPACE}%")
        self.assertEqual(values["retention_percent"], "0\N{NO-BREAK SPACE}%")

    # === NUMBER === #

    def test_a_type_numbers_its_contracts_itself(self):
        self.construction_type.sequence_id = self.env["ir.sequence"].create(
            {"name": "Houses", "prefix": "H-", "padding": 3}
        )
        contract = self._create_contract(sign=False)
        self.assertEqual(contract.name, "H-001")
        contract.name = "2026/7"
        contract.action_sign()
        self.assertEqual(contract.name, "2026/7")

    # === MISSING DATA === #

    def test_entries_know_their_place(self):
        contract = self._create_contract(sign=False)
        contract.date_start = False
        contract.signatory_ids = [Command.clear()]
        places = {(entry["field"], entry["page"]) for entry in contract.missing_list}
        self.assertIn(("date_start", False), places)
        self.assertIn(("signatory_ids", "signatories"), places)
        form = self.env["construction.contract"].get_view(view_type="form")["arch"]
        for field, page in places:
            self.assertIn(f'name="{field}"', form)
            self.assertTrue(not page or f'name="{page}"' in form)

    def test_the_start_date_is_asked_for_once(self):
        contract = self._create_contract(sign=False)
        contract.write({"date_start": False, "body": "<p>From {start_date} on, signed in {contract_place}.</p>"})
        contract.place_signed = False
        row = contract.instalment_ids[1]
        self.assertEqual((row.trigger, row.date_due), ("date", False))
        fields_named = [entry["field"] for entry in contract.missing_list]
        self.assertEqual(sorted(fields_named), ["date_start", "place_signed"])
        contract.date_start = "2027-01-01"
        self.assertEqual([entry["field"] for entry in contract.missing_list], ["place_signed"])

    def test_plain_sentences_of_other_rooms_are_entries_too(self):
        contract = self._create_contract(sign=False)
        self.patch(type(contract), "_get_missing_data", lambda self: ["Plain"])
        contract.invalidate_recordset()
        self.assertEqual(contract.missing_list, [{"message": "Plain", "field": False, "page": False}])
        self.assertEqual(contract.missing_data, "Plain")

    # === SIGNATORIES === #

    def test_signatories_are_proposed_and_stay_once_signed(self):
        contract = self._create_contract(sign=False)
        own = contract.signatory_ids.filtered(lambda signatory: signatory.side == "own")
        client = contract.signatory_ids - own
        self.assertEqual(own.partner_id, self.salesman.partner_id)
        self.assertEqual(client.name, self.partner_a.name)
        own.write({"name": "Ion Pop", "partner_id": False, "position": "Director", "basis": "articles"})
        contract.action_sign()
        for change in (
            lambda: own.write({"name": "X"}),
            own.unlink,
            lambda: contract.write({"signatory_ids": [Command.create({"side": "own", "name": "Y"})]}),
            lambda: own.copy(),
        ):
            with self.assertRaisesRegex(UserError, "is signed"):
                change()
        following = self._create_contract(sign=False)
        ours = following.signatory_ids.filtered(lambda signatory: signatory.side == "own")
        self.assertRecordValues(ours, [{"name": "Ion Pop", "position": "Director", "basis": "articles"}])

    def test_a_company_without_a_contact_lacks_its_signatory(self):
        self.partner_a.is_company = True
        contract = self._create_contract(sign=False)
        self.assertIn("for the client", contract.missing_data)
        contract.signatory_ids = [Command.create({"side": "client", "name": "Ana", "document_number": "B123"})]
        self.assertFalse(contract.missing_data)
        self.assertEqual(contract.signatory_ids[-1]._describe(), "Ana, document no. B123")

    # === DOCUMENTS === #

    def _attach(self, contract, kind="signed", **values):
        return self.env["construction.contract.document"].create(
            {"contract_id": contract.id, "kind": kind, "file": TEXT, "file_name": "a.pdf", **values}
        )

    def test_the_signed_copy_is_reminded_of_or_needed(self):
        contract = self._create_contract()
        self.assertTrue(contract.lacks_signed_copy)
        self.construction_type.signed_copy = "no"
        self.assertFalse(contract.lacks_signed_copy)
        self.construction_type.signed_copy = "warn"
        self._attach(contract, kind="drawing")
        self.assertTrue(contract.lacks_signed_copy)
        self._attach(contract)
        self.assertFalse(contract.lacks_signed_copy)
        self.construction_type.signed_copy = "no"
        self.assertFalse(self._create_contract().lacks_signed_copy)
        self.construction_type.signed_copy = "block"
        draft = self._create_contract(sign=False)
        with self.assertRaisesRegex(UserError, "signed copy"):
            draft.action_sign()
        self._attach(draft)
        draft.action_sign()

    def test_the_signed_copy_stays(self):
        contract = self._create_contract()
        copy = self._attach(contract)
        drawing = self._attach(contract, "drawing")
        with self.assertRaisesRegex(UserError, "sales manager"):
            copy.with_user(self.salesman).unlink()
        with self.assertRaisesRegex(UserError, "sales manager"):
            copy.with_user(self.salesman).kind = "other"
        drawing.with_user(self.salesman).unlink()
        copy.with_user(self.sale_manager).unlink()
        self.assertIn("taken away", contract.message_ids[0].body)

    # === STATES === #

    def test_states_are_no_matter_of_typing(self):
        contract = self._create_contract(sign=False)
        for values in ({"state": "signed"}, {"amount_original": 5.0}, {"body_signed": "<p>x</p>"}):
            with self.assertRaisesRegex(UserError, "buttons"):
                contract.with_user(self.salesman).write(values)
        with self.assertRaisesRegex(UserError, "buttons"):
            contract.with_user(self.salesman).copy({"state": "signed"})

    def test_a_contract_is_not_signed_on_a_day_to_come(self):
        contract = self._create_contract(sign=False)
        with self.assertRaisesRegex(ValidationError, "day to come"):
            contract.date_signed = fields.Date.today() + timedelta(days=3)

    def test_a_contract_does_not_end_before_it_is_signed(self):
        contract = self._create_contract(sign=False)
        contract.write({"date_start": "2020-01-01", "date_end": "2020-02-01"})
        with self.assertRaisesRegex(UserError, "before it is signed"):
            contract.action_sign()
        contract.date_signed = "2020-01-01"
        contract.action_sign()

    def test_works_are_not_completed_before_they_start(self):
        contract = self._create_contract(sign=False)
        contract.date_start = fields.Date.today() + timedelta(days=10)
        contract.action_sign()
        with self.assertRaisesRegex(UserError, "start on a day to come"):
            contract.action_complete()

    def test_works_completed_early_are_handed_over_today(self):
        contract = self._create_contract(sign=False)
        contract.date_end = fields.Date.today() + timedelta(days=60)
        contract.action_sign()
        contract.action_complete()
        self.assertEqual(contract.date_end, fields.Date.context_today(contract))

    def test_cancelling_a_signed_contract_asks_why(self):
        contract = self._create_contract().with_user(self.salesman)
        action = contract.action_ask_cancel()
        wizard = self.env[action["res_model"]].with_user(self.salesman).with_context(**action["context"])
        wizard.create({"reason": "The bank refused the loan"}).action_confirm()
        self.assertRecordValues(contract, [{"state": "cancelled", "cancel_reason": "The bank refused the loan"}])
        with self.assertRaisesRegex(UserError, "not deleted"):
            contract.unlink()
        contract.action_draft()
        self.assertFalse(contract.cancel_reason)

    def test_a_closed_account_is_opened_again_and_not_cancelled(self):
        contract = self._create_contract()
        for row in contract.instalment_ids:
            self._invoice(row)
            self._collect(row)
        contract.action_start()
        contract.action_complete()
        contract.action_close()
        with self.assertRaisesRegex(UserError, "Reopen the account"):
            contract.action_cancel()
        contract.action_reopen_account()
        self.assertEqual(contract.state, "completed")
        with self.assertRaisesRegex(UserError, "not closed"):
            contract.action_reopen_account()

    def test_steps_need_the_right_to_write(self):
        contract = self._create_contract(sign=False)
        for user in (self.accountant, self.auditor, self.project_user, self.other_salesman):
            with self.assertRaises(AccessError, msg=user.login):
                contract.with_user(user).action_sign()
            with self.assertRaises(AccessError, msg=user.login):
                contract.with_user(user).action_cancel()

    # === ROLES, SPEED === #

    def test_templates_belong_to_managers(self):
        with self.assertRaises(AccessError):
            self.text.with_user(self.salesman).name = "X"
        self.text.with_user(self.sale_manager).name = "X"
        company = self.env["res.company"].create({"name": "Branch"})
        foreign = self.text.copy({"company_id": company.id})
        found = self.env["construction.contract.template"].with_user(self.sale_manager).search([])
        self.assertNotIn(foreign, found)

    def test_own_signatories_and_documents_only(self):
        contract = self._create_contract()
        document = self._attach(contract)
        for record in (contract.signatory_ids[0], document):
            record.with_user(self.accountant).read(["name"])
            for user in (self.other_salesman, self.surveyor):
                with self.assertRaises(AccessError):
                    record.with_user(user).read(["name"])

    def test_lists_and_forms_take_the_same_queries_whatever_their_size(self):
        contracts = [self._create_contract(sign=False) for _index in range(3)]
        view = self.env["construction.contract"].get_views([(False, "list")])["models"]["construction.contract"]
        names = {name: {} for name in view["fields"] if "one2many" not in view["fields"][name]["type"]}

        def count(records):
            with counting(self.env) as queries:
                records.web_read({name: names[name] for name in ("name", "partner_id", "amount_variations", "state")})
                records.mapped("lacks_signed_copy")
            return queries.count

        every = self.env["construction.contract"].union(*contracts)
        count(every)
        self.assertEqual(count(every[:1]), count(every))
        contract = every[0]
        contract.body = "<p>{client_name} {amount} {payment_plan} {works}</p>"
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(40):
            contract.web_read({"missing_list": {}, "body": {}})
