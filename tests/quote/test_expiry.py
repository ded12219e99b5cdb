from datetime import timedelta
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import fields
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..job_time import job_time
from ..query_count import counting
from .common import QuoteCommon

LOGGER = "odoo.addons.construction_crm.models.quote.sale_order_expiry"


@tagged("post_install", "-at_install")
class TestExpiry(QuoteCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client.email = "ana@example.com"
        cls.today = fields.Date.today()
        cls.company = cls.env.company
        cls.company.construction_reminder_days = 3
        cls.quote = cls.make_valid_until(1)

    @classmethod
    def make_valid_until(cls, days, quote=None):
        """Make a quote sent long ago that is valid for so many days from today."""
        quote = quote or cls.make_sent_quote(cls.make_final_sheet())
        quote._write_life_cycle(
            {
                "validity_date": cls.today + timedelta(days=days),
                "date_sent": fields.Datetime.now() - timedelta(days=30),
            }
        )
        return quote

    def run_cron(self, seconds=60.0):
        self.env.flush_all()
        with self.enter_registry_test_mode(), job_time(self.registry, seconds):
            self.env.ref("construction_crm.ir_cron_follow_validity").method_direct_trigger()
        self.env.invalidate_all()

    def handle(self, method):
        """Do what the cron does, without its commits."""
        orders = self.env["sale.order"].sudo()
        get_domain = orders._get_expired_domain if method == "_expire" else orders._get_reminder_domain
        domain = get_domain(self.today)
        with patch.object(self.registry["ir.cron"], "_commit_progress", lambda *args, **kwargs: 1.0):
            orders._handle_due(domain, method)
        self.env.flush_all()

    def get_mails(self, quote):
        return self.env["mail.mail"].search([("model", "=", "sale.order"), ("res_id", "=", quote.id)])

    def get_activities(self, quote):
        kind = self.env.ref("construction_crm.mail_activity_type_expired")
        return quote.activity_ids.filtered(lambda activity: activity.activity_type_id == kind)

    def test_the_cron_reminds_once_and_expires_once(self):
        expired = self.make_valid_until(-1)
        self.run_cron()
        self.run_cron()
        self.assertEqual(self.quote.date_reminded, self.today)
        self.assertEqual(len(self.get_mails(self.quote)), 1)
        self.assertEqual(len(self.quote.message_ids.filtered(lambda m: "was reminded" in m.body)), 1)
        self.assertFalse(self.quote.date_expired)
        self.assertEqual(expired.date_expired, self.today)
        self.assertEqual(expired.state, "sent")
        self.assertFalse(expired.date_reminded)
        self.assertEqual(self.get_activities(expired).user_id, self.salesperson)
        self.assertEqual(len(self.get_activities(expired)), 1)
        self.assertEqual(len(expired.message_ids.filtered(lambda m: "has expired" in m.body)), 1)

    def test_clients_are_reminded_also_where_the_time_of_the_job_ends_with_the_expired(self):
        expired = self.make_valid_until(-1)
        self.run_cron(seconds=0.0)
        self.assertEqual(expired.date_expired, self.today)
        self.assertEqual(self.quote.date_reminded, self.today)

    def test_the_reminder_speaks_the_language_of_the_client(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.env.ref("construction_crm.mail_template_quote_reminder")
        template.with_context(lang="fr_FR").subject = "Votre devis {{ object.name }}"
        self.client.lang = "fr_FR"
        self.handle("_remind")
        mail = self.get_mails(self.quote)
        self.assertEqual(mail.subject, f"Votre devis {self.quote.name}")
        self.assertEqual(mail.recipient_ids, self.client)
        self.assertIn(self.quote.get_portal_url(), mail.body_html.replace("&amp;", "&"))

    def test_nobody_is_reminded_when_it_is_off_too_early_or_too_soon(self):
        later = self.make_valid_until(4)
        fresh = self.make_valid_until(1)
        fresh._write_life_cycle({"date_sent": fields.Datetime.now()})
        draft = self.generate(self.make_final_sheet())
        draft.validity_date = self.today + timedelta(days=1)
        self.handle("_remind")
        self.assertTrue(self.quote.date_reminded)
        self.assertFalse((later | fresh | draft).filtered("date_reminded"))
        self.company.construction_reminder_days = 0
        self.quote._write_life_cycle({"date_reminded": False})
        self.handle("_remind")
        self.assertFalse(self.quote.date_reminded)

    def test_a_client_without_an_address_is_noted_and_gets_no_mail(self):
        self.client.email = False
        self.handle("_remind")
        self.assertFalse(self.get_mails(self.quote))
        self.assertIn("could not be reminded", self.quote.message_ids[0].body)
        self.assertTrue(self.quote.date_reminded)

    def test_replaced_quotes_and_orders_of_stock_are_left_alone(self):
        old = self.make_valid_until(-1)
        old.with_user(self.salesperson).action_revise()
        revision = old.next_revision_ids
        revision.order_line[1].price_unit = 10.0
        revision.with_user(self.salesperson).action_quotation_sent()
        stock = self.make_stock_order(validity_date=self.today - timedelta(days=1))
        stock.action_quotation_sent()
        self.handle("_expire")
        self.handle("_remind")
        self.assertFalse((old | stock).filtered("date_expired"))
        self.assertFalse((old | stock).filtered("date_reminded"))
        self.assertFalse(stock.activity_ids)

    def test_one_failing_quote_does_not_stop_the_others(self):
        good, bad = self.make_valid_until(-1), self.make_valid_until(-2)
        method = self.registry["sale.order"]._expire

        def fail(orders):
            method(orders)
            if bad in orders:
                raise ValueError("broken")

        with patch.object(self.registry["sale.order"], "_expire", fail), mute_logger(LOGGER):
            self.handle("_expire")
        self.assertTrue(good.date_expired)
        self.assertEqual(len(self.get_activities(good)), 1)
        self.assertFalse(bad.date_expired)
        self.assertFalse(self.get_activities(bad))
        with self.assertNoLogs(LOGGER):
            self.handle("_expire")
        self.assertTrue(bad.date_expired)

    def test_the_queries_do_not_grow_with_the_quotes(self):
        for method, days in (("_expire", -1), ("_remind", 1)):
            self.handle(method)  # whatever is there already, and what is cached
            counts = []
            for size in (2, 8):
                for _index in range(size):
                    self.make_valid_until(days)
                with counting(self.env) as queries:
                    self.handle(method)
                counts.append(queries.count)
            self.assertLessEqual(counts[1], counts[0] + (4 if method == "_expire" else 24), (method, counts))

    def test_what_becomes_of_the_quote_closes_the_question(self):
        expired = self.make_valid_until(-1)
        self.handle("_expire")
        self.assertTrue(self.get_activities(expired))
        action = expired.with_user(self.salesperson).action_reprice()
        revision = self.env["sale.order"].browse(action["res_id"])
        self.assertEqual(revision.previous_revision_id, expired)
        self.assertFalse(revision.date_expired)
        self.assertFalse(revision.is_expired)
        self.assertTrue(self.get_activities(expired))
        revision.with_user(self.salesperson).action_quotation_sent()
        self.assertFalse(self.get_activities(expired))
        other = self.make_valid_until(-1)
        self.handle("_expire")
        other.with_user(self.manager).action_cancel()
        self.assertFalse(self.get_activities(other))

    def test_the_days_are_not_negative_and_set_per_company(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
            self.company.construction_reminder_days = -1
            self.env.flush_all()
        admin = new_test_user(self.env, "settings_admin", "base.group_system")
        settings = self.env["res.config.settings"].with_user(admin).create({"construction_reminder_days": 7})
        settings.execute()
        self.assertEqual(self.company.construction_reminder_days, 7)
