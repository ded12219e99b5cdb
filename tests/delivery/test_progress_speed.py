from odoo.tests import tagged

from ..query_count import counting
from .progress_common import ProgressCommon


@tagged("post_install", "-at_install")
class TestProgressSpeed(ProgressCommon):
    """Works of many chapters: as many queries as works of few, but for batches of a hundred."""

    def _count(self, call, *args):
        with counting(self.env) as queries:
            result = call(*args)
        return queries.count, result

    def _run_once(self, chapters):
        lines = [
            command
            for number in range(chapters)
            for command in self._prepare_chapter(str(number), self.items[number % 3], 10, [(10, 7.77)])
        ]
        contract = self._make_contract(lines)
        project = self._start_project(contract)
        counts = {}
        reports = self.env["construction.progress"].with_user(self.foreman)
        counts["report"], report = self._count(reports.create, {"project_id": project.id})
        report.line_ids.quantity = 3.3333
        counts["submit"], _done = self._count(report.action_submit)
        counts["approve"], _done = self._count(report.with_user(self.manager).action_approve)
        contract = contract.with_user(self.manager)
        counts["certificate"], action = self._count(contract.action_make_certificate)
        certificate = self.env["construction.certificate"].with_user(self.manager).browse(action["res_id"])
        counts["certify"], _done = self._count(certificate.action_approve)
        counts["sync"], _done = self._count(self.env["construction.position"]._sync, contract.sudo().order_ids)
        return counts

    def test_queries_do_not_grow_with_the_chapters(self):
        self._run_once(5)  # warm
        few, many = self._run_once(30), self._run_once(300)
        budgets = {"report": 90, "submit": 60, "approve": 110, "certificate": 130, "certify": 190, "sync": 45}
        for name, budget in budgets.items():
            with self.subTest(name=name, few=few[name], many=many[name]):
                self.assertLessEqual(few[name], budget)
                # inserts and updates come in batches of a hundred
                self.assertLessEqual(many[name], few[name] + 25)
