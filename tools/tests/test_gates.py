"""Each gate finds what it is there for, and lets good sources pass."""

import tempfile
import unittest
from pathlib import Path

from tools.dev import gates, xmltidy

MANIFEST = "{'name': 'x', 'data': ['views/a.xml', 'views/gone.xml'], 'demo': []}"


class TestGates(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def found(self, gate):
        return list(gate(self.root))

    def test_stale_words_are_found_unless_a_reason_is_given(self):
        self.write("models/a.py", "_sql_constraints = []\nx = line.product_uom  # not stale: a field of stock.move\n")
        self.write("views/a.xml", "<list/>\n<tree/>\n<t t-esc='x'/>\n")
        self.assertEqual([line.split(" ")[0] for line in self.found(gates.stale_patterns)],
                         ["models/a.py:1:", "views/a.xml:2:", "views/a.xml:3:"])  # fmt: skip

    def test_words_that_only_look_stale_pass(self):
        self.write("models/a.py", "x = line.product_uom_id\ny = extra_tax_data\ngroup_ids = 1\n")
        self.assertEqual(self.found(gates.stale_patterns), [])

    def test_core_and_tools_do_not_import_odoo(self):
        self.write("core/a.py", "from odoo.tools import float_round\nfrom core.b import c\n")
        self.write("tools/dev/a.py", "import odoo\n")
        self.write("tools/bench/a.py", "from odoo.sql_db import x\n")
        self.write("models/a.py", "from odoo import models\n")
        self.assertEqual(len(self.found(gates.imports_of_odoo)), 3)

    def test_tests_of_core_do_not_import_odoo(self):
        self.write("tests/core/test_a.py", "from odoo.tests import TransactionCase\n")
        self.assertEqual(len(self.found(gates.core_tests_are_not_odoo_tests)), 1)

    def test_no_registry_host(self):
        self.write("README.md", "see https://" + "pypi." + "org/project/x\n")
        self.assertEqual(len(self.found(gates.registry_hosts)), 1)

    def test_listed_files_exist_and_data_files_are_listed(self):
        self.write("__manifest__.py", MANIFEST)
        self.write("views/a.xml", "<odoo/>")
        self.write("views/b.xml", "<odoo/>")
        self.write("static/src/c.xml", "<templates/>")
        found = self.found(gates.manifest_files)
        self.assertEqual(len(found), 2)
        self.assertIn("views/gone.xml", found[0])
        self.assertIn("views/b.xml", found[1])

    def test_marks_of_an_undone_merge(self):
        self.write("models/a.py", "<" * 7 + " mine\n")
        self.assertEqual(len(self.found(gates.conflict_markers)), 1)

    def test_xml_is_well_formed_and_tidied_on_demand(self):
        self.write("views/a.xml", "<odoo>\n  <record/>\n</odoo>")
        self.write("views/b.xml", "<odoo>")
        self.assertEqual(len(self.found(gates.xml_format)), 2)
        list(gates.xml_format(self.root, fix=True))
        self.assertEqual([line[:11] for line in self.found(gates.xml_format)], ["views/b.xml"])


class TestXmlTidy(unittest.TestCase):
    def test_tidying_twice_changes_nothing_more(self):
        text = "<odoo>\n<!-- a\n  b -->\n <a\n  x='>'>\n<b>text <i>c</i>\n more</b>\n</a></odoo>"
        once = xmltidy.tidy(text)
        self.assertEqual(xmltidy.tidy(once), once)

    def test_white_space_that_means_something_stays(self):
        text = "<odoo>\n    <field><![CDATA[\n  a \n]]></field>\n    <pre>\n  x \n </pre>\n</odoo>\n"
        self.assertEqual(xmltidy.tidy(text), f"{xmltidy.DECLARATION}\n{text}")
