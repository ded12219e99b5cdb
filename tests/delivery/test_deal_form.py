from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..query_count import counting
from .common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestDealForm(DeliveryCommon):
    """What the form of a deal asks beside stock's lead form, with all rooms on it."""

    def _count_queries(self, lead):
        spec = self._get_spec()
        for _time in range(2):
            with counting(self.env) as queries:
                lead.browse(lead.id).web_read(spec)
        return queries.count

    def _get_spec(self):
        return Form(self.env["crm.lead"])._view["fields_spec"]

    def test_a_deal_asks_little_more_than_a_lead(self):
        lead = self._make_deal(construction_type_id=False)
        self._make_order(lead)
        # What hangs on it, the count of its sheets, and what its quote costs: its lines.
        self.assertLessEqual(self._count_queries(self.lead), self._count_queries(lead) + 2)

    def test_lists_are_shown_as_soon_as_there_is_something_in_them(self):
        spec, lists = self._get_spec(), self.lead._get_form_lists()
        found = self.lead.web_read(spec)[0]
        self.assertFalse([name for name in lists if found[name]], "nothing was entered yet")
        firm = self.env["res.partner"].create({"name": "Rival"})
        role = self.env["construction.party.role"].create({"name": "Rival"})
        self.env["construction.party"].create({"lead_id": self.lead.id, "partner_id": firm.id, "role_id": role.id})
        self.env["construction.member"].create(
            {"lead_id": self.lead.id, "role_id": self.env["project.role"].create({"name": "Foreman"}).id}
        )
        self.env["construction.competitor"].create({"lead_id": self.lead.id, "partner_id": firm.id})
        for _time in range(2):
            found = self.lead.web_read(spec)[0]
            for name in ("party_ids", "member_ids", "competitor_ids"):
                self.assertEqual([row["id"] for row in found[name]], self.lead[name].ids)
                self.assertEqual(found[name][0].keys(), {"id", *spec[name]["fields"]})
            self.assertEqual(found["party_ids"][0]["partner_id"], firm.id)
            self.env.invalidate_all()
        self.lead.competitor_ids.unlink()
        self.assertFalse(self.lead.web_read(spec)[0]["competitor_ids"])

    def test_deals_and_leads_read_together_keep_their_own(self):
        other = self._make_deal()
        firm = self.env["res.partner"].create({"name": "Rival"})
        rival = self.env["construction.competitor"].create({"lead_id": other.id, "partner_id": firm.id})
        self.env.invalidate_all()
        spec = {name: {"fields": {}} for name in self.lead._get_form_lists()}
        found = (self.lead | other).web_read(spec)
        self.assertEqual([row["competitor_ids"] for row in found], [[], [{"id": rival.id}]])

    def test_a_client_who_may_not_be_read_stops_no_form(self):
        self.lead.partner_id.company_id = self.env["res.company"].create({"name": "Sister"})
        deal = self.lead.with_user(self.salesperson)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            deal.partner_id.fetch(["email"])
        self.env.invalidate_all()
        deal._fetch_for_form()
        self.assertEqual(deal.name, "Ionescu house")

    def test_the_plan_is_shown_once_there_is_a_contract(self):
        self.assertFalse(self.lead.shown_instalment_ids)
        self.order.action_create_contract()
        contract = self.order.contract_id
        contract.instalment_ids = [(0, 0, {"name": "All", "amount_type": "rest", "kind": "progress"})]
        self.assertEqual(self.lead.shown_instalment_ids, contract.instalment_ids)
        self.assertTrue(self.lead.shown_instalment_ids)
