from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.base.models.ir_actions_report import IrActionsReport

from .site_common import PIXEL, SiteCommon


@tagged("post_install", "-at_install")
class TestSiteTours(SiteCommon, HttpCase):
    """A foreman on his phone and the manager at his desk, from the first snag to the handover."""

    def test_the_foreman_writes_on_his_phone_and_the_manager_hands_over(self):
        move = self._invoice(self.contract.instalment_ids[1])
        self._register(move)
        self.project.name = "House on the hill"
        self._diary(
            date=self.contract.date_start,
            presence_ids=[(0, 0, {"crew_id": self.crew.id, "people": 3, "hours": 8})],
        )
        phone = {"browser_size": "390x844", "touch_enabled": True}
        with patch.multiple(self, **phone):
            self.start_tour("/odoo/site-diary", "construction_site_diary", login=self.foreman.login)
        diary = self.env["construction.diary"].search([("date", "=", self.today)])
        self.assertRecordValues(
            diary,
            [
                {
                    "project_id": self.project.id,
                    "weather_morning": "rain",
                    "work_done": "Tiles of the shower laid",
                    "people": 3,
                    "state": "draft",
                    "user_id": self.foreman.id,
                }
            ],
        )
        self.assertRecordValues(diary.attachment_ids, [{"name": "shower.png", "res_id": diary.id}])
        with patch.multiple(self, **phone):
            self.start_tour("/odoo/snags", "construction_site_snag", login=self.foreman.login)
        snag = self.env["construction.snag"].search([])
        self.assertRecordValues(
            snag, [{"name": "Tile cracked", "state": "fixed", "holds": "retention", "fixed_by_id": self.foreman.id}]
        )
        self.assertTrue(snag.photo_before)
        self.start_tour("/odoo/snags", "construction_site_verify", login=self.manager.login)
        self.assertEqual(snag.verified_by_id, self.manager)
        self._walk_handover()

    def _walk_handover(self):
        self.project.milestone_ids[0].with_user(self.manager).action_reach()
        self.start_tour("/odoo/handovers", "construction_site_handover", login=self.manager.login)
        act = self.env["construction.handover"].search([])
        self.assertRecordValues(act, [{"state": "signed", "kind": "final", "project_id": self.project.id}])
        self.assertTrue(act.signed_attachment_id, "the act as signed is kept")
        self.assertRecordValues(
            self.contract, [{"state": "completed", "date_end": self.today, "date_released_handover": self.today}]
        )
        self.assertRetention(self.contract, 24.2, 24.2)
        self.assertTrue(self.project.date_delivered)

    def test_the_act_as_signed_is_kept_as_a_pdf_and_marked_when_withdrawn(self):
        self.project.milestone_ids[0].action_reach()
        act = self._act()
        render = IrActionsReport._render_qweb_pdf

        def render_really(self, *args, **kwargs):
            # In tests Odoo else gives HTML for a PDF.
            return render(self.with_context(force_report_rendering=True), *args, **kwargs)

        with patch.object(IrActionsReport, "_render_qweb_pdf", render_really):
            act.action_sign()
        document = act.signed_attachment_id
        self.assertEqual(document.raw[:4], b"%PDF")
        self.assertRecordValues(document, [{"res_model": "construction.handover", "res_id": act.id}])
        self.assertEqual(document.with_user(self.accountant).name, document.name)
        for change in (document.unlink, lambda: document.write({"raw": b"forged"})):
            with self.assertRaisesRegex(UserError, "kept as it was"):
                change()
        act._withdraw("wrong day")
        self.assertTrue(document.exists())
        self.assertTrue(document.name.startswith("Withdrawn"))
        self.assertFalse(act.signed_attachment_id)


@tagged("post_install", "-at_install")
class TestHandoverPortal(SiteCommon, HttpCase):
    """The client reads and signs his own act on the portal, and no other."""

    def _get(self, url):
        return self.url_open(url, allow_redirects=False)

    def _accept(self, act, token="", **params):
        response = self.url_open(
            f"/my/handovers/{act.id}/accept{token}",
            json={"id": 0, "jsonrpc": "2.0", "method": "call", "params": params},
        )
        self.env.invalidate_all()
        return response.json()["result"]

    def test_the_client_reads_his_act_and_nobody_else_does(self):
        self._snag(severity="major", name="Door stuck")
        act = self._act(sign=False)
        self.authenticate(self.portal.login, self.portal.login)
        page = self._get(f"/my/handovers/{act.id}")
        self.assertEqual(page.status_code, 200)
        self.assertIn("Door stuck", page.text)
        for amount in ("1,000.00", "1,210.00"):
            self.assertNotIn(amount, page.text)
        self.assertIn(act.name, self._get("/my/handovers").text)
        self.authenticate(self.other_portal.login, self.other_portal.login)
        self.assertEqual(self._get(f"/my/handovers/{act.id}").status_code, 303)
        self.assertNotIn(act.name, self._get("/my/handovers").text)
        self.assertIn("error", self._accept(act, name="Thief", signature=PIXEL))
        self.authenticate(None, None)
        self.assertEqual(self._get(f"/my/handovers/{act.id}").status_code, 303)
        self.assertEqual(self._get(f"/my/handovers/{act.id}?access_token=guessed").status_code, 303)
        self.assertIn("error", self._accept(act, name="Thief", signature=PIXEL))
        self.assertFalse(act.signature_client)

    def test_a_draft_is_not_for_the_client(self):
        act = self._act(ready=False)
        url = act.get_portal_url()
        self.authenticate(self.portal.login, self.portal.login)
        self.assertNotIn(act.name, self._get("/my/handovers").text)
        self.assertEqual(self._get(url).status_code, 303)
        self.assertIn("error", self._accept(act, url[url.index("?") :], name="Ana", signature=PIXEL))

    def test_the_client_signs_by_the_link_once_and_the_manager_completes(self):
        self.project.milestone_ids[0].action_reach()
        act = self._act(sign=False)
        url = act.get_portal_url()
        token = url[url.index("?") :]
        self.authenticate(None, None)
        self.assertEqual(self._get(url).status_code, 200)
        self.assertIn("error", self._accept(act, token, name="Ana"))
        self.assertIn("redirect_url", self._accept(act, token, name="Ana Pop", signature=PIXEL))
        self.assertRecordValues(
            act,
            [
                {
                    "state": "ready",
                    "signed_client_by": "Ana Pop",
                    "is_signed_online": True,
                    "signed_client_on": self.today,
                }
            ],
        )
        self.assertIn("error", self._accept(act, token, name="Somebody else", signature=PIXEL))
        self.assertEqual(act.signed_client_by, "Ana Pop")
        self.assertEqual(act.activity_ids.user_id, self.manager)
        act.signature_own = PIXEL
        act.action_sign()
        self.assertEqual(self.contract.state, "completed")
        self.assertEqual(self._get(url).status_code, 200)
