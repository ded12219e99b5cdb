import io

import openpyxl

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

from ...models.delivery.certificate_workbook import write_certificate
from .progress_common import ProgressCommon


@tagged("post_install", "-at_install")
class TestCertificateFiles(ProgressCommon, HttpCase):
    """Certificates as files: on the client's portal, and as a spreadsheet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client_user = new_test_user(cls.env, login="certificate_client", groups="base.group_portal")
        cls.stranger = new_test_user(cls.env, login="certificate_stranger", groups="base.group_portal")
        cls.client_user.partner_id.parent_id = cls.partner_a

    def setUp(self):
        super().setUp()
        self._report({self.wall: 10, self.paint: 7})
        self.certificate = self._certificate()

    def _get(self, path, login=None):
        self.authenticate(login, login)
        return self.url_open(path)

    def _read_sheet(self, user=None):
        content = io.BytesIO()
        write_certificate(content, self.certificate.with_user(user or self.accountant))
        sheet = openpyxl.load_workbook(io.BytesIO(content.getvalue())).active
        return [[cell.value for cell in row] for row in sheet.iter_rows()]

    # === PORTAL === #

    def test_the_client_finds_approved_certificates_and_no_drafts(self):
        page = self._get(f"/my/contracts/{self.contract.id}", "certificate_client").text
        self.assertIn(f"/certificates/{self.certificate.id}?", page)
        self.assertIn(f"{self.certificate.amount_net:,.2f}", page)
        self._report({self.wall: 5})
        draft = self._certificate(approve=False)
        page = self._get(f"/my/contracts/{self.contract.id}", "certificate_client").text
        self.assertNotIn(f"/certificates/{draft.id}?", page)
        draft.with_user(self.manager).action_cancel()
        self.certificate.with_user(self.manager).action_withdraw()
        page = self._get(f"/my/contracts/{self.contract.id}", "certificate_client").text
        self.assertNotIn("Progress certificates", page)

    def test_the_client_downloads_the_print(self):
        path = f"/my/contracts/{self.contract.id}/certificates/{self.certificate.id}"
        for url, login in ((path, "certificate_client"), (self.certificate._get_portal_url(), None)):
            response = self._get(url, login)
            self.assertEqual(response.headers["Content-Type"], "application/pdf", url)
            self.assertIn("Certificate_1", response.headers["Content-Disposition"])

    def test_nobody_else_gets_the_print(self):
        foreign = self._make_contract()
        draft = self._certificate(approve=False)
        own = f"/my/contracts/{self.contract.id}/certificates"
        for path, login in (
            (f"{own}/{self.certificate.id}", "certificate_stranger"),
            (f"{own}/{self.certificate.id}", None),
            (f"{own}/{self.certificate.id}?access_token=wrong", None),
            (f"{own}/{draft.id}", "certificate_client"),
            (f"/my/contracts/{foreign.id}/certificates/{self.certificate.id}", "certificate_client"),
        ):
            response = self._get(path, login)
            self.assertNotEqual(response.headers["Content-Type"], "application/pdf", (path, login))
        response = self._get(f"/construction_crm/certificate/{self.certificate.id}/xlsx", "certificate_client")
        self.assertNotIn("spreadsheet", response.headers["Content-Type"])

    def test_the_client_downloads_the_contract(self):
        url = self.contract.get_portal_url(report_type="pdf", download=True)
        response = self._get(url)
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        self.assertIn("Contract_", response.headers["Content-Disposition"])

    def test_the_client_downloads_the_handover_act(self):
        self.contract.date_start = fields.Date.today()
        act = self.env["construction.handover"].with_user(self.manager).create({"project_id": self.project.id})
        act.action_ready()
        response = self._get(act.sudo().get_portal_url(report_type="pdf", download=True))
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        self.assertIn("Handover_act_", response.headers["Content-Disposition"])

    # === SPREADSHEET === #

    def test_the_spreadsheet_shows_the_chapters_and_adds_up(self):
        rows = self._read_sheet()
        self.assertIn(self.contract.name, rows[0][0])
        head = rows[4]
        wall = dict(zip(head, rows[5], strict=True))
        self.assertEqual((wall["No."], wall["Contracted"], wall["This Period"]), ("1", 30, 10))
        self.assertEqual(wall["Cumulative (%)"], 33.33)
        amounts = [title for title in head if title and title.startswith("This Period (")]
        self.assertEqual(wall[amounts[0]], 188.87)
        place = head.index(amounts[0])
        self.assertEqual(rows[8][place], "=SUM(M6:M8)")
        self.assertEqual(rows[10][place], self.certificate.amount_period)
        self.assertEqual(rows[-1][place], self.certificate.amount_net)

    def test_the_spreadsheet_of_a_foreman_has_no_amount(self):
        rows = self._read_sheet(self.foreman)
        self.assertEqual(rows[4][-2:], ["Cumulative (%)", "Reason of the Change"])
        self.assertEqual(rows[5][5], 10)
        self.assertEqual(len(rows), 8)

    def test_what_looks_like_a_formula_stays_text(self):
        self.certificate.with_user(self.manager).action_withdraw()
        line = self.certificate.line_ids[0].with_user(self.manager)
        line.write({"quantity_cumulative": 9, "reason": "=1+1"})
        self.env.flush_all()
        self.assertEqual(self._read_sheet()[5][-1], "=1+1")
        response = self._get(f"/construction_crm/certificate/{self.certificate.id}/xlsx", self.accountant.login)
        sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
        self.assertEqual(sheet.cell(6, sheet.max_column).data_type, "s")

    def test_a_certificate_of_several_orders_says_whose_chapters_are_counted(self):
        self.assertEqual([heading for heading, _lines in self.certificate._get_print_groups()], [""])
        contract = self._make_contract(sign=False)
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partner_a.id,
                "opportunity_id": contract.lead_id.id,
                "order_line": self._prepare_chapter("1", self.items[1], 3, [(3, 33.33)]),
            }
        )
        order.action_confirm()
        order.action_add_to_contract()
        contract.action_sign()
        self._start_project(contract)
        self.certificate = self._certificate(contract=contract, approve=False)
        self.assertTrue(self.certificate.has_several_orders)
        groups = self.certificate._get_print_groups()
        headings = [heading for heading, _lines in groups]
        self.assertEqual([heading.split()[1] for heading in headings], contract.order_ids.sorted("id").mapped("name"))
        self.assertEqual([len(lines) for _heading, lines in groups], [3, 1])
        reports = self.env["ir.actions.report"]
        html = reports._render_qweb_html("construction_crm.report_certificate", self.certificate.ids)[0].decode()
        self.assertEqual([html.count(heading) for heading in headings], [1, 1])
        rows = self._read_sheet()
        self.assertEqual([row[1] for row in rows if row[1] in headings], headings)
        place = rows[4].index(next(title for title in rows[4] if title and title.startswith("This Period (")))
        self.assertIn("=SUM(M6:M11)", [row[place] for row in rows])
