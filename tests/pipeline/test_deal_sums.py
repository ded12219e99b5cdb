from unittest.mock import patch

from odoo.tests import TransactionCase, tagged

from ..query_count import counting

MEASURES = ["__count", "company_currency:array_agg_distinct"] + [
    f"{name}:{how}"
    for name in ("expected_revenue", "amount_quoted", "amount_contract")
    for how in ("sum", "sum_currency")
]


@tagged("post_install", "-at_install")
class TestDealSums(TransactionCase):
    """The sums under the columns of deals: those of stock, at a lower price."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.other = cls.env["res.company"].create({"name": "Other", "currency_id": cls.company.currency_id.id})
        cls.env["res.currency.rate"].create(
            {"currency_id": cls.company.currency_id.id, "company_id": cls.company.id, "name": "2020-01-01", "rate": 0.8}
        )
        cls.kind = cls.env["construction.type"].create({"name": "Roofs"})
        cls.stages = cls.env["crm.stage"].search([], limit=2)
        cls.env["crm.lead"].create(
            [
                {
                    "name": f"Roof {number}",
                    "type": "opportunity",
                    "construction_type_id": cls.kind.id,
                    "stage_id": cls.stages[number % 2].id,
                    "expected_revenue": 1000.07 * number,
                    "company_id": company.id,
                    "user_id": False,
                    "team_id": False,
                }
                for number, company in enumerate((cls.company, cls.other, cls.env["res.company"], cls.company), 1)
            ]
        )

    def _read(self, domain=None):
        leads = self.env["crm.lead"].with_context(allowed_company_ids=(self.company | self.other).ids)
        domain = domain or [("construction_type_id", "=", self.kind.id)]
        return leads._read_group(domain, ["stage_id"], MEASURES), leads._read_group(domain, [], MEASURES)

    def _read_as_stock(self, domain=None):
        companies = type(self.env["res.company"])
        with patch.object(companies, "_get_only_currency_id", lambda self: False):
            return self._read(domain)

    def _assert_equal(self, found, expected):
        for rows, wanted in zip(found, expected, strict=True):
            for row, want in zip(rows, wanted, strict=True):
                for value, other in zip(row, want, strict=True):
                    if isinstance(other, float):
                        self.assertAlmostEqual(value, other, 6)
                    else:
                        self.assertEqual(value, other)

    def test_sums_are_those_of_stock_where_all_companies_have_one_currency(self):
        self._use_one_currency()
        self.assertTrue(self.env["res.company"]._get_only_currency_id())
        self._assert_equal(self._read(), self._read_as_stock())
        self.assertNotEqual(self._read()[1][0][2], self._read()[1][0][3])

    def test_sums_are_those_of_stock_where_companies_have_several_currencies(self):
        self._use_one_currency()
        # what is known of one currency is forgotten at once
        self.assertTrue(self.env["res.company"]._get_only_currency_id())
        foreign = self.env["res.currency"].with_context(active_test=False)
        foreign = foreign.search([("id", "!=", self.company.currency_id.id)], limit=1)
        foreign.active = True
        self.other.currency_id = foreign
        self.assertFalse(self.env["res.company"]._get_only_currency_id())
        found = self._read()
        self._assert_equal(found, self._read_as_stock())
        self.assertEqual(set(found[1][0][1]), {self.company.currency_id.id, foreign.id})

    def test_no_deal_at_all_adds_up_to_nothing(self):
        self._use_one_currency()
        domain = [("name", "=", "Nobody has this name")]
        self._assert_equal(self._read(domain), self._read_as_stock(domain))

    def test_a_search_on_nothing_asks_for_no_sum(self):
        self.assertEqual(self._read([("id", "in", [])]), self._read_as_stock([("id", "in", [])]))

    def test_one_currency_costs_one_query_once(self):
        self._use_one_currency()
        self.env["res.company"]._get_only_currency_id()
        with self.assertQueryCount(0):
            self.env["res.company"]._get_only_currency_id()

    def test_a_card_more_costs_no_query(self):
        leads = self.env["crm.lead"].create(
            [{"name": f"Card {n}", "type": "opportunity", "construction_type_id": self.kind.id} for n in range(22)]
        )
        for lead in leads[::2]:
            lead.activity_schedule("mail.mail_activity_data_todo", user_id=self.env.uid)
        spec = {name: {} for name in ("vitality", "vitality_note", "has_no_next_task")}

        def read(records):
            with counting(self.env) as queries:
                rows = records.web_read(spec)
            return rows, queries.count

        read(leads[:2])
        (few_rows, few), (many_rows, many) = read(leads[:2]), read(leads[2:])
        self.assertEqual(few, many)
        self.assertEqual([row["has_no_next_task"] for row in few_rows + many_rows], [False, True] * 11)
        self.assertEqual([row["vitality"] for row in few_rows + many_rows], ["alive", "cooling"] * 11)
        self.assertIn("Nothing is planned next.", many_rows[1]["vitality_note"])

    def _use_one_currency(self):
        """Whatever companies other addons brought along."""
        companies = self.env["res.company"].with_context(active_test=False).search([])
        different = companies.filtered(lambda company: company.currency_id != self.company.currency_id)
        different.write({"currency_id": self.company.currency_id.id})
