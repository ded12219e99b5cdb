"""Odoo ends with status 0 when no test ran, when a tour was skipped, when a module does not exist: the log tells."""

import unittest

from tools.dev import judge

HEAD = "2026-11-22 03:35:41,123 8400 {} ccrm_test {}: {}\n"


def line(level, logger, text):
    return HEAD.format(level, logger, text)


OURS = "odoo.addons.construction_crm.tests.pipeline.test_thing"
STARTING = line("INFO", OURS, "Starting TestThing.test_thing ... ")
RESULT = line("INFO", "odoo.tests.result", "0 failed, 0 error(s) of 1 tests when loading database 'ccrm_test' ")
FAILURE = (
    line("INFO", OURS, "=" * 70)
    + line("ERROR", OURS, "FAIL: TestThing.test_thing")
    + 'Traceback (most recent call last):\n  File "test_thing.py", line 8, in test_thing\nAssertionError: 1 != 2\n \n'
    + line("ERROR", "odoo.tests.result", "1 failed, 0 error(s) of 1 tests when loading database 'ccrm_test' ")
)


def judged(text, status=0, expected=()):
    report = judge.read(text.splitlines(keepends=True))
    return report, judge.problems(report, status, expected)


class TestJudge(unittest.TestCase):
    def test_a_good_run_has_no_problem(self):
        report, problems = judged(STARTING + RESULT, expected=[OURS])
        self.assertEqual((report.passed, report.failed, problems), (1, 0, []))

    def test_a_refusal_that_leads_to_its_remedy_is_no_problem(self):
        error = (
            line("ERROR", "odoo.http", "Exception during request handling. ") + "Traceback (most recent call last):\n"
        )
        refusal = error + "odoo.exceptions.RedirectWarning: ('Not yet.', {}, 'Let Pass')\n"
        self.assertEqual(judged(STARTING + refusal + RESULT)[1], [])
        self.assertEqual(len(judged(STARTING + error + "KeyError: 'x'\n" + RESULT)[1]), 1)

    def test_no_test_executed_is_a_problem(self):
        nothing = line("WARNING", "odoo.tests.result", "0 failed, 0 error(s) of 0 tests when loading database 'x' ")
        self.assertIn("no test was executed", judged(nothing)[1])

    def test_no_result_line_is_a_problem(self):
        self.assertIn("before it reported a result", judged(STARTING, status=255)[1][0])

    def test_a_skipped_tour_is_a_problem_and_not_passed(self):
        skipped = line("INFO", OURS, "skipped TestTour.test_tour : Chrome executable not found")
        report, problems = judged(STARTING + skipped + RESULT)
        self.assertEqual((report.passed, problems), (0, ["skipped: TestTour.test_tour : Chrome executable not found"]))

    def test_a_failure_is_counted_and_its_traceback_kept(self):
        report, problems = judged(STARTING + FAILURE, status=1)
        self.assertEqual((report.passed, report.failed, problems), (0, 1, []))
        self.assertIn("AssertionError: 1 != 2", report.broken[0].text)

    def test_an_error_line_outside_a_test_is_a_problem(self):
        found = judged(line("ERROR", "odoo.modules.loading", "Some modules are not loaded") + STARTING + RESULT)[1]
        self.assertEqual(len(found), 1)

    def test_a_bad_status_with_good_tests_is_a_problem(self):
        self.assertEqual(len(judged(STARTING + RESULT, status=1)[1]), 1)

    def test_a_warning_of_our_addon_is_a_problem(self):
        warning = line("WARNING", "odoo.addons.construction_crm.models.pipeline.crm_lead", "no type")
        self.assertEqual(len(judged(STARTING + warning + RESULT)[1]), 1)

    def test_a_warning_naming_our_model_is_a_problem(self):
        warning = line("WARNING", "odoo.models", "construction.type.name: unknown parameter 'select'")
        self.assertEqual(len(judged(STARTING + warning + RESULT)[1]), 1)

    def test_any_warning_while_the_addon_is_loaded_is_a_problem(self):
        warning = line("WARNING", "odoo.modules.loading", "invalid module names, ignored: construction_crmm")
        self.assertEqual(len(judged(warning + STARTING + RESULT)[1]), 1)

    def test_a_warning_of_another_module_in_a_test_is_not(self):
        warning = line("WARNING", "odoo.http", "<function odoo.http.foo> called ignoring args")
        self.assertEqual(judged(STARTING + warning + RESULT)[1], [])

    def test_a_test_file_that_never_ran_is_a_problem(self):
        other = "odoo.addons.construction_crm.tests.quote.test_quote"
        found = judged(STARTING + RESULT, expected=[OURS, other])[1]
        self.assertEqual(len(found), 1)
        self.assertIn(other, found[0])

    def test_without_tests_only_faults_count(self):
        lines = [STARTING, line("WARNING", "odoo.http", "x"), line("CRITICAL", "odoo.service.server", "y")]
        self.assertEqual([f.level for f in judge.faults(lines, loading=False)], ["CRITICAL"])
        self.assertEqual([f.level for f in judge.faults(lines, loading=True)], ["WARNING", "CRITICAL"])
