"""No price to a surveyor, no cost to whoever may not see costs: on prints, in files and in messages."""

import base64
import re

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .leak_common import BLIND, COST, PRICES, QUIET, LeakCommon


@tagged("post_install", "-at_install")
class TestLeakPapers(LeakCommon):
    def test_no_print_by_address_tells_more_than_the_screen(self):
        reports = self.env["ir.actions.report"].search([("report_name", "=like", "construction\\_crm.%")])
        self.assertTrue(reports)
        for role, kinds in BLIND.items():
            user = getattr(self, role)
            self.authenticate(user.login, user.login)
            for report in reports:
                # sudo: of whatever there is; the attempt itself is the user's
                ids = self.env[report.model].sudo().search([]).ids
                if not ids:
                    continue
                for address in (
                    f"/report/html/{report.report_name}/{','.join(map(str, ids))}",
                    f'/report/html/{report.report_name}/{ids[-1]}?context={{"uid":1}}',
                    f"/report/pdf/{report.report_name}/{ids[0]}",
                ):
                    with self.subTest(role=role, address=address), mute_logger(*QUIET):
                        self._check_text(self.url_open(address, timeout=60).text, kinds, report.model)

    def _check_text(self, text, kinds, model="construction.evaluation"):
        self.assertNotIn(COST, text)
        if "price" in kinds and model != "construction.contract":
            for price in PRICES:
                self.assertNotIn(price, text)

    def test_the_customer_opens_no_print_of_ours_by_address(self):
        self.authenticate(self.customer.login, self.customer.login)
        for report in self.env["ir.actions.report"].search([("report_name", "=like", "construction\\_crm.%")]):
            # sudo: of whatever there is; the attempt itself is the user's
            for record in self.env[report.model].sudo().search([]):
                with self.subTest(report=report.report_name), mute_logger(*QUIET):
                    response = self.url_open(f"/report/html/{report.report_name}/{record.id}")
                    self.assertNotEqual(response.status_code, 200)

    # === CHATTER, MAIL, FILES === #

    def test_the_chatter_of_a_sheet_and_a_recipe_tells_nothing(self):
        self.env.flush_all()
        self.cr.precommit.run()
        for record in (self.sheet, self.recipe):
            messages = record.message_ids.sudo()
            bodies = " ".join(filter(None, messages.mapped("body")))
            values = messages.tracking_value_ids
            tracked = " ".join(
                str(value[name])
                for value in values
                for name in ("old_value_char", "new_value_char", "old_value_float", "new_value_float")
            )
            self._check_text(f"{bodies} {tracked}", ("cost", "price"))

    def test_no_mail_template_of_ours_tells_a_cost(self):
        ids = self.env["ir.model.data"].search([("module", "=", "construction_crm"), ("model", "=", "mail.template")])
        for template in self.env["mail.template"].browse(ids.mapped("res_id")):
            # The margins of a style are no secret.
            body = re.sub(r'style="[^"]*"', "", template.body_html or "")
            for word in ("cost", "margin", "standard_price", "purchase_price"):
                self.assertNotIn(word, body)

    def test_a_surveyor_finds_no_file_of_a_quote(self):
        # sudo: the document as sent hangs on the quote
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .create({"name": "Quote.pdf", "raw": b"849.99", "res_model": "sale.order", "res_id": self.quote.id})
        )
        for role in ("surveyor", "employee"):
            user = getattr(self, role)
            self.assertFalse(self.env["ir.attachment"].with_user(user).search([("id", "=", attachment.id)]))
            with self.assertRaises(AccessError):
                attachment.with_user(user).sudo(False).read(["raw"])
            self.authenticate(user.login, user.login)
            self.assertNotIn("849.99", self.url_open(f"/web/content/{attachment.id}").text)

    def test_an_imported_budget_leaves_no_price_where_a_surveyor_looks(self):
        sheet = self.make_deal()
        budget = (
            "~V||FIEBDC-3/2012||\n~K|\\2\\2\\3\\2\\2\\2\\2\\EUR\\||\n~C|B##||Budget|3199.36||\n~D|B##|W\\1\\8.00\\|\n"
            "~C|W|m2|Wall|399.92||\n"
        )
        wizard = self.env["construction.import"].with_user(self.estimator_user())
        wizard = wizard.create(
            {
                "evaluation_id": sheet.id,
                "lead_id": sheet.lead_id.id,
                "file": base64.b64encode(budget.encode()),
                "filename": "budget.bc3",
                "currency_mode": "as_is",
            }
        )
        wizard.action_import()
        self.assertIn(399.92, sheet.line_ids.mapped("price_given"))
        # sudo: all there is, then what the surveyor gets of it
        files = self.env["ir.attachment"].sudo().search([("res_model", "=", sheet._name), ("res_id", "=", sheet.id)])
        told = b"".join(file.raw for file in files) + " ".join(sheet.message_ids.mapped("body")).encode()
        self.assertNotIn(b"399.92", told)
        for file in sheet.message_ids.sudo().attachment_ids:
            self.assertNotIn(b"399.92", file.raw)
        self.assertIn(b"399.92", base64.b64decode(sheet.import_file))
        stored = self.env["ir.attachment"].sudo().search([("res_field", "=", "import_file"), ("res_id", "=", sheet.id)])
        self.assertTrue(stored)
        with self.assertRaises(AccessError):
            stored.with_user(self.surveyor).sudo(False).read(["raw"])
        self.authenticate(self.surveyor.login, self.surveyor.login)
        for address in (
            f"/web/content/{stored.id}",
            f"/web/content/construction.evaluation/{sheet.id}/import_file",
            f"/web/content?model=construction.evaluation&id={sheet.id}&field=import_file",
        ):
            with mute_logger(*QUIET):
                self.assertNotIn("399.92", self.url_open(address).text)

    # === PUBLIC METHODS === #
