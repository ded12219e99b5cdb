from base64 import b64encode

from odoo.tests import HttpCase, new_test_user, tagged

from .common import ContractCommon


@tagged("post_install", "-at_install")
class TestContractPortal(ContractCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client_user = new_test_user(cls.env, login="contract_client", groups="base.group_portal")
        cls.stranger = new_test_user(cls.env, login="contract_stranger", groups="base.group_portal")
        cls.client_user.partner_id.parent_id = cls.partner_a
        cls.contract = cls._create_contract()
        cls.contract.note = "Secret note"
        cls.draft = cls._create_contract(sign=False)
        cls.foreign = cls._create_contract(
            lead=cls._create_deal(partner_id=cls.partner_b.id), partner_id=cls.partner_b.id
        )
        document = {"contract_id": cls.contract.id, "file": b64encode(b"plan"), "file_name": "plan.txt"}
        cls.shared, cls.hidden = cls.env["construction.contract.document"].create(
            [{**document, "name": "Drawing", "is_shared": True}, {**document, "name": "Calculation"}]
        )

    def _get(self, path, login=None):
        self.authenticate(login, login)
        return self.url_open(path)

    def test_the_client_finds_own_contracts_and_no_others(self):
        page = self._get("/my/contracts", "contract_client").text
        self.assertIn(self.contract.name, page)
        self.assertNotIn(self.draft.name, page, "a draft nobody sent")
        self.assertNotIn(self.foreign.name, page)
        self.draft.date_sent = "2026-01-01 10:00:00"
        self.assertIn(self.draft.name, self._get("/my/contracts", "contract_client").text)
        self.assertNotIn(self.contract.name, self._get("/my/contracts", "contract_stranger").text)

    def test_the_page_shows_value_plan_and_documents_and_nothing_internal(self):
        move = self._invoice(self.contract.instalment_ids[0])
        self._collect(self.contract.instalment_ids[0])
        page = self._get(f"/my/contracts/{self.contract.id}", "contract_client").text
        for text in ("1,210.00", "Settlement", 'data-state="paid"', 'data-state="open"', move.name, "Drawing"):
            self.assertIn(text, page)
        for text in ("Secret note", "Calculation"):
            self.assertNotIn(text, page)

    def test_nobody_else_gets_there(self):
        url = f"/my/contracts/{self.contract.id}"
        for login in ("contract_stranger", None):
            for path in (
                url,
                f"{url}?report_type=pdf",
                f"{url}?access_token=wrong",
                f"{url}/documents/{self.shared.id}",
            ):
                response = self._get(path, login)
                self.assertNotIn(self.contract.name, response.text, (login, path))
                self.assertNotIn("plan", response.headers.get("Content-Disposition", ""))
        self.assertNotIn(self.draft.name, self._get(f"/my/contracts/{self.draft.id}", "contract_client").text)

    def test_the_link_opens_the_page_without_a_login(self):
        self.contract._portal_ensure_token()
        page = self._get(self.contract.get_portal_url())
        self.assertIn("Settlement", page.text)
        response = self._get(self.contract.get_portal_url(report_type="html"))
        self.assertIn(self.contract.name, response.text)
        self.foreign._portal_ensure_token()
        crossed = f"/my/contracts/{self.foreign.id}?access_token={self.contract.access_token}"
        self.assertNotIn(self.foreign.name, self._get(crossed).text)

    def test_shared_documents_are_downloaded_others_not(self):
        url = f"/my/contracts/{self.contract.id}/documents"
        response = self._get(f"{url}/{self.shared.id}", "contract_client")
        self.assertEqual(response.content, b"plan")
        self.assertNotEqual(self._get(f"{url}/{self.hidden.id}", "contract_client").content, b"plan")
        crossed = f"/my/contracts/{self.foreign.id}/documents/{self.shared.id}"
        self.assertNotEqual(self._get(crossed, "contract_client").content, b"plan")

    def test_portal_users_have_no_access_to_the_records(self):
        for model in (
            "construction.contract",
            "construction.instalment",
            "construction.signatory",
            "construction.contract.document",
            "construction.contract.template",
        ):
            self.assertFalse(self.env[model].with_user(self.client_user).has_access("read"), model)

    def test_the_home_page_counts_contracts(self):
        values = self.make_jsonrpc_request if hasattr(self, "make_jsonrpc_request") else None
        self.authenticate("contract_client", "contract_client")
        self.assertEqual(self.url_open("/my/home").status_code, 200)
        if values:
            counts = values("/my/counters", {"counters": ["construction_contract_count"]})
            self.assertEqual(counts["construction_contract_count"], 1)
