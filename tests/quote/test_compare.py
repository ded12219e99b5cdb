from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ...core.quote import comparison
from ..query_count import counting
from .common import QuoteCommon


@tagged("post_install", "-at_install")
class TestCompare(QuoteCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.quote = cls.make_sent_quote()
        cls.quote.with_user(cls.salesperson).action_revise("Cheaper")
        cls.revision = cls.quote.next_revision_ids

    def compare(self, old=None, new=None, user=None, **values):
        vals = {"old_id": (old or self.quote).id, "new_id": (new or self.revision).id, **values}
        return self.env["construction.quote.compare"].with_user(user or self.salesperson).create(vals)

    def get_rows(self, compare, **options):
        """List what differs, as (kind, name, changes)."""
        values = compare._get_values(**{"internal": False, "for_client": False, **options})
        return [(row["kind"], row["name"][1].split("\n")[0]) for row in values["rows"] if not row["level"]]

    def get_changes(self, compare):
        """Give what changed of each line, by the lines' names."""
        pairs = comparison.compare(compare.old_id._get_chapters_to_compare(), compare.new_id._get_chapters_to_compare())
        return {
            (row.new or row.old).name.split("\n")[0]: sorted(row.changes)
            for pair in pairs
            for row in pair.lines
            if row.changes
        }

    def test_nothing_differs(self):
        compare = self.compare()
        self.assertEqual(self.get_rows(compare), [])
        self.assertIn("No item differs", compare.content)
        compare.shows_all = True
        self.assertEqual({row[0] for row in self.get_rows(compare)}, {"same"})

    def test_what_was_added_removed_and_changed(self):
        tiler, tile, glue = self.revision.order_line[1:4]
        tiler.write({"price_unit": 30.0, "sequence": 500})
        tile.product_uom_qty = 3.0
        glue.unlink()
        self.revision.order_line = [
            Command.create({"product_id": self.wall.id, "product_uom_qty": 1, "name": "Extra", "sequence": 15})
        ]
        compare = self.compare()
        self.assertCountEqual(
            self.get_rows(compare),
            [("changed", "Tiler"), ("changed", "Tile"), ("removed", "Glue"), ("added", "Extra")],
        )
        self.assertEqual(
            self.get_changes(compare),
            {"Tiler": ["chapter", "price_unit", "subtotal"], "Tile": ["quantity", "subtotal"]},
        )
        counts = compare._get_values(internal=False, for_client=False)["counts"]
        self.assertEqual(counts, {"added": 1, "removed": 1, "changed": 2, "same": 1})

    def test_lines_are_matched_by_lineage_not_by_place(self):
        for sequence, line in enumerate(self.revision.order_line.sorted("sequence"), start=1):
            # The components of the first chapter the other way round.
            line.sequence = {2: 4, 4: 2}.get(sequence, sequence) * 10
        self.assertEqual(self.get_rows(self.compare()), [])

    def test_quotes_of_two_sheets_are_matched_by_what_the_lines_are(self):
        other = self.generate(self.make_final_sheet([(self.glue, 7.0), (self.wall, 3.0)]))
        rows = self.get_rows(self.compare(new=other))
        self.assertCountEqual(rows, [("changed", "Tiler"), ("changed", "Tile"), ("changed", "Glue")])

    def test_totals_of_chapters_and_of_all(self):
        self.revision.order_line[1].price_unit = 30.0
        values = self.compare()._get_values(internal=False, for_client=False)
        chapter, line = values["rows"]
        old, new = self.quote.chapter_ids[0], self.revision.chapter_ids[0]
        self.assertEqual((chapter["level"], line["level"]), (1, 0))
        self.assertEqual(chapter["old_amount"], f"{old.chapter_subtotal:.2f}")
        self.assertEqual(chapter["new_amount"], f"{new.chapter_subtotal:.2f}")
        self.assertEqual(chapter["difference"], f"{new.chapter_subtotal - old.chapter_subtotal:+.2f}")
        currency = self.quote.currency_id
        self.assertEqual(
            values["figures"][0][1:3],
            (currency.format(self.quote.amount_untaxed), currency.format(self.revision.amount_untaxed)),
        )

    def test_each_in_its_own_currency(self):
        currency = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        pricelist = self.env["product.pricelist"].create({"name": "EUR", "currency_id": currency.id})
        foreign = self.quote.copy({"pricelist_id": pricelist.id})
        self.assertEqual(foreign.currency_id, currency)
        values = self.compare(new=foreign)._get_values(internal=False, for_client=False)
        self.assertIn("€", values["figures"][0][2])
        self.assertEqual({row["difference"] for row in values["rows"]} | {values["figures"][0][3]}, {""})

    def test_any_two_of_the_deal_and_none_of_another(self):
        compare = self.compare()
        other = self.generate(self.make_final_sheet())
        self.assertEqual(self.quote._get_comparable(), self.quote | self.revision | other)
        self.compare(new=other)
        stranger = self.generate(self.make_final_sheet(lead_id=self.make_lead().id))
        with self.assertRaisesRegex(UserError, "different deals"):
            self.compare(new=stranger)
        with self.assertRaisesRegex(UserError, "two different"):
            self.compare(new=self.quote)
        compare.action_swap()
        self.assertRecordValues(compare, [{"old_id": self.revision.id, "new_id": self.quote.id}])

    def test_the_button_takes_the_issue_before(self):
        action = self.revision.with_user(self.salesperson).action_compare()
        compare = self.env[action["res_model"]].browse(action["res_id"])
        self.assertRecordValues(compare, [{"old_id": self.quote.id, "new_id": self.revision.id}])
        alone = self.generate(self.make_final_sheet(lead_id=self.make_lead().id))
        with self.assertRaisesRegex(UserError, "no other quote"):
            alone.action_compare()

    # === WHO SEES WHAT === #

    def test_costs_are_shown_to_their_group_only(self):
        self.tiler.standard_price = 1.0
        line = self.revision.order_line[1]
        line.write({"price_unit": 30.0, "purchase_price": 4321.99})
        for user in (self.manager, self.estimator, self.accountant):
            with self.subTest(user.login):
                compare = self.compare(user=user)
                self.assertNotIn("Cost Now", compare.content)
                compare.shows_costs = True
                self.assertIn("8,643.98", compare.content)
                self.assertIn("Margin", compare.content)
        compare = self.compare()
        self.assertNotIn("Margin", compare.content)
        self.assertNotIn("shows_costs", compare.fields_get())
        with self.assertRaises(AccessError):
            compare.write({"shows_costs": True})
        compare.sudo().shows_costs = True
        self.assertNotIn("8,643.98", compare.content)
        with self.assertRaises(AccessError):
            compare._get_values(internal=True, for_client=False)
        report = self.env["ir.actions.report"].with_user(self.salesperson)
        with self.assertRaises(Exception) as raised:
            report._render_qweb_html("construction_crm.report_quote_compare_internal", compare.ids)
        self.assertIn("Costs and margins are shown", str(raised.exception))

    def test_who_may_not_see_a_quote_compares_nothing(self):
        with self.assertRaises(AccessError):
            self.env["construction.quote.compare"].with_user(self.surveyor).create(
                {"old_id": self.quote.id, "new_id": self.revision.id}
            )
        with self.assertRaises(AccessError):
            self.compare(user=self.rival).content  # noqa: B018
        mine = self.compare()
        with self.assertRaises(AccessError):
            mine.with_user(self.rival).read(["content"])

    def test_the_client_sees_no_more_than_on_his_quote(self):
        self.revision.order_line[1].price_unit = 30.11
        self.revision.presentation = "chapters"
        compare = self.compare()
        self.assertEqual(self.get_rows(compare, for_client=True), [])
        counts = compare._get_values(internal=False, for_client=True)["counts"]
        self.assertEqual(counts, {"added": 0, "removed": 0, "changed": 1, "same": 1})
        report = self.env["ir.actions.report"].with_user(self.salesperson)

        def render():
            html, _kind = report._render_qweb_html("construction_crm.report_quote_compare", compare.ids)
            return html.decode()

        self.assertNotIn("30.11", render())
        self.assertIn("Tiled wall", render())
        self.revision.presentation = "no_prices"
        self.assertIn("Tiler", render())
        self.assertNotIn("30.11", render())
        self.revision.presentation = "full"
        self.assertIn("30.11", render())
        self.revision.presentation = "total"
        subtotal = f"{self.revision.chapter_ids[0].chapter_subtotal:.2f}"
        self.assertNotIn(subtotal, render())
        self.assertIn(f"{self.revision.amount_total:.2f}", render())

    def test_prints_in_the_language_of_the_client(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.client.lang = "de_DE"
        self.revision.order_line[1].price_unit = 1234.5
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "construction_crm.report_quote_compare", self.compare().ids
        )
        self.assertIn("1.234,5", html.decode())

    def test_no_query_for_each_line(self):
        def count(items):
            quote = self.make_sent_quote(self.make_final_sheet([(self.wall, 1.0)] * items))
            quote.action_revise()
            compare = self.compare(quote, quote.next_revision_ids, user=self.estimator, shows_costs=True)
            quote.next_revision_ids.order_line.filtered("product_id").discount = 3.0
            with counting(self.env) as queries:
                self.assertIn("Tiler", compare.content)
            return queries.count

        count(2)
        self.assertLessEqual(count(40) - count(4), 0)
