"""What ./dev starts it ends, and what is closed or taken is said in a sentence."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from tools.dev import logins, odoo, plain_tests, proc
from tools.dev.ui import Problem

ROOT = Path(__file__).resolve().parents[2]


class TestProcess(unittest.TestCase):
    def test_a_program_is_ended_with_what_it_started(self):
        code = "import subprocess, sys; p = subprocess.Popen(['sleep', '60']); print(p.pid, flush=True); p.wait()"
        quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
        with proc.started([sys.executable, "-c", code], **quiet) as process:
            child = int(process.stdout.readline())
        process.stdout.close()
        self.assertIsNotNone(process.returncode)
        self.assertTrue(is_gone(child))

    def test_terminating_us_runs_every_finally(self):
        code = (
            "import sys, time; sys.path.append(sys.argv[1])\n"
            "from tools.dev import proc\nproc.exit_on_signals()\n"
            "try:\n    print('up', flush=True); time.sleep(30)\nfinally:\n    print('cleaned', flush=True)\n"
        )
        with subprocess.Popen([sys.executable, "-c", code, str(ROOT)], stdout=subprocess.PIPE, text=True) as process:
            process.stdout.readline()
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.stdout.read().strip(), "cleaned")
        self.assertEqual(process.returncode, 128 + signal.SIGTERM)

    def test_python_s_byte_code_is_not_forbidden_to_odoo(self):
        before = os.environ.get("PYTHONDONTWRITEBYTECODE")
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
        try:
            self.assertNotIn("PYTHONDONTWRITEBYTECODE", proc.clean_environment())
        finally:
            if before is None:
                del os.environ["PYTHONDONTWRITEBYTECODE"]

    def test_a_failing_program_is_told_with_its_words(self):
        with self.assertRaisesRegex(Problem, "no such luck"):
            proc.run([sys.executable, "-c", "import sys; sys.exit('no such luck')"])

    def test_a_taken_port_is_passed_over(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            self.assertNotEqual(odoo.free_port(port), port)

    def test_the_logins_are_printed_one_a_line(self):
        self.assertEqual(len(logins.table()), len(logins.LOGINS))
        self.assertIn("admin", logins.table()[0])


class TestPlainTests(unittest.TestCase):
    def outcome(self, text):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "test_x.py").write_text(text)
            answer = Path(folder) / "result.json"
            command = [sys.executable, plain_tests.__file__, str(answer), folder, folder, "--tests", "test_x.py"]
            subprocess.run(command, capture_output=True, check=True)
            return answer.read_text()

    def test_a_skipped_test_fails(self):
        text = "import unittest\nclass T(unittest.TestCase):\n    @unittest.skip('x')\n    def test_a(self): pass\n"
        self.assertIn('"passed": 0, "failed": 1', self.outcome(text))

    def test_a_file_that_cannot_be_loaded_fails(self):
        self.assertIn('"passed": 0, "failed": 1', self.outcome("import nothing_of_that_name\n"))

    def test_odoo_cannot_be_imported(self):
        self.assertIn('"passed": 0, "failed": 1', self.outcome("import odoo\n"))


def is_gone(pid, seconds=5):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z"
