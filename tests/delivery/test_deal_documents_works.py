from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .site_common import SiteCommon
from .variation_common import VariationCommon


@tagged("post_install", "-at_install")
class TestDealDocumentsWorks(SiteCommon):
    """The project of a deal and its acts in the tab Documents."""

    def _read(self, user):
        lead = self.contract.lead_id.with_user(user)
        return {section["name"]: section for section in lead.get_deal_documents()}

    def test_the_project_and_its_acts_stand_between_money_and_contacts(self):
        self._act(ready=False).with_user(self.manager)._cancel("Written twice")
        self.env.flush_all()
        act = self._act(ready=False)
        for user in (self.contract.lead_id.user_id, self.accountant):
            sections = self._read(user)
            names = list(sections)
            self.assertEqual(names[names.index("payments") + 1 :][:2], ["projects", "handovers"])
            row = sections["projects"]["rows"][0]
            self.assertEqual(row["cells"]["name"], self.project.name)
            project = self.env["project.project"].with_user(user).browse(row["id"])
            self.assertEqual(getattr(project, row["open"]["method"])()["res_id"], self.project.id)
            rows = {row["id"]: row for row in sections["handovers"]["rows"]}
            self.assertEqual(rows[act.id]["cells"]["state"], {"text": "Draft", "color": "info"})
            self.assertEqual(sorted(row["is_muted"] for row in rows.values()), [False, True])

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_who_builds_does_not_come_to_the_money_by_the_deal(self):
        for user in (self.foreman, self.manager, self.portal):
            with self.assertRaises(AccessError):
                self._read(user)

    def test_without_a_project_nothing_is_said_of_one(self):
        lead = self._create_deal()
        self.assertFalse({"projects", "handovers"} & {section["name"] for section in lead.get_deal_documents()})


@tagged("post_install", "-at_install")
class TestDealDocumentsVariation(VariationCommon):
    def test_a_variation_says_what_it_changes(self):
        contract = self._sign_contract()
        order = self._propose(contract, [(self.painting, 10)])
        sections = {section["name"]: section for section in contract.lead_id.get_deal_documents()}
        notes = {row["id"]: row["note"] for row in sections["quotes"]["rows"]}
        self.assertEqual(notes[order.id], f"Variation {order.variation_number} of {contract.name}")
        self.assertEqual(notes[contract.order_ids.id], "")
