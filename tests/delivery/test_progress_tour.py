from odoo.tests import HttpCase, tagged

from .progress_common import ProgressCommon


class ProgressTourCommon(ProgressCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user in (cls.foreman, cls.manager, cls.project_admin, cls.accountant):
            user.password = user.login
        cls.contract.position_ids.sudo().project_stage_id = cls.stages[0]


@tagged("post_install", "-at_install")
class TestProgressPhoneTour(ProgressTourCommon):
    """The foreman with one hand."""

    browser_size = "390x844"
    touch_enabled = True

    def test_the_foreman_reports_on_his_phone(self):
        report = self.env["construction.progress"].with_user(self.foreman).create({"project_id": self.project.id})
        self.start_tour("/odoo/works-progress", "construction_progress_foreman", login=self.foreman.login)
        self.assertEqual(report.state, "submitted")
        done = {line.position_id: line.quantity for line in report.line_ids}
        self.assertEqual(done, {self.wall: 10.5, self.roof: 0, self.paint: 7})


@tagged("post_install", "-at_install")
class TestProgressTour(ProgressTourCommon):
    """From the report to the invoice."""

    def test_from_the_report_to_the_invoice(self):
        report = self._report({self.wall: 10.5, self.paint: 7}, approve=False)
        self.start_tour(
            f"/odoo/construction.progress/{report.id}", "construction_progress_manager", login=self.manager.login
        )
        self.assertEqual(self.wall.quantity_done, 10.5)
        self.start_tour(
            f"/odoo/construction.contract/{self.contract.id}",
            "construction_certificate_manager",
            login=self.manager.login,
        )
        certificate = self.contract.certificate_ids
        self.assertEqual(certificate.state, "approved")
        self.start_tour("/odoo/works-certificates", "construction_certificate_accountant", login=self.accountant.login)
        self.assertEqual(certificate.instalment_id.invoice_ids.amount_total, certificate.amount_period_taxed)
        self.assertEqual(certificate.state, "invoiced")
