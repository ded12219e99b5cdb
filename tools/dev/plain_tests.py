"""Runs unittest files and doctests in plain Python, and writes what happened as JSON.

    python plain_tests.py RESULT.json ROOT CORE_FOLDER --tests FILE … --doctests FILE …

Tests of `core` import it by its bare name, `from core.contract.plan import split`: CORE_FOLDER holds a link to it and
nothing else, and inside `core` all imports are relative. Odoo cannot be imported here.
"""

import argparse
import doctest
import importlib
import importlib.util
import json
import sys
import time
import unittest
from pathlib import Path


class Result(unittest.TextTestResult):
    """Counts what passed; unittest itself only counts what ran."""

    passed = 0

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1


def load_file(name, root):
    """The tests of one file, loaded by its path so that no package around it is imported."""
    path = Path(root) / name
    if str(path.parent) not in sys.path:
        sys.path.append(str(path.parent))
    module_name = name.removesuffix(".py").replace("/", "_")
    spec = importlib.util.spec_from_file_location(module_name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module
    spec.loader.exec_module(module)
    return unittest.defaultTestLoader.loadTestsFromModule(module)


def load_doctests(name):
    """The doctests of one module, one test for each docstring that has some."""
    dotted = name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    return doctest.DocTestSuite(importlib.import_module(dotted))


def collect(args):
    """Every test asked for; a file that cannot be loaded is a failed test."""
    suite = unittest.TestSuite()
    jobs = [(name, lambda n: load_file(n, args.root)) for name in args.tests]
    jobs += [(name, load_doctests) for name in args.doctests]
    for name, load in jobs:
        try:
            suite.addTest(load(name))
        except Exception as error:  # whatever a test file raises
            suite.addTest(_broken(name, error))
    return suite


def _broken(name, error):
    def raises():
        raise error

    return unittest.FunctionTestCase(raises, description=f"loading {name}")


def main():
    """Run and write the result."""
    parser = argparse.ArgumentParser()
    parser.add_argument("result")
    parser.add_argument("root")
    parser.add_argument("core_folder")
    parser.add_argument("--tests", nargs="*", default=[])
    parser.add_argument("--doctests", nargs="*", default=[])
    args = parser.parse_args()
    sys.modules["odoo"] = None
    sys.path[:1] = [args.core_folder]
    sys.path.append(args.root)
    started = time.monotonic()
    runner = unittest.TextTestRunner(stream=sys.stdout, resultclass=Result, verbosity=1)
    outcome = runner.run(collect(args))
    bad = len(outcome.failures) + len(outcome.errors) + len(outcome.unexpectedSuccesses) + len(outcome.skipped)
    for test, reason in outcome.skipped:
        print(f"skipped: {test}: {reason}")
    facts = {"passed": outcome.passed, "failed": bad, "seconds": time.monotonic() - started}
    Path(args.result).write_text(json.dumps(facts))


if __name__ == "__main__":
    main()
