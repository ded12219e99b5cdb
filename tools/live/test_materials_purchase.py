"""Materials are ordered through Purchase where it is installed, and nothing of it is needed where it is not."""

from tools.dev import project
from tools.live.support import LiveCase

ROAD = f"""
import sys
sys.path.append({str(project.ROOT)!r})
from tools.live import purchase_road, worlds
worlds.sheet(env)
result = purchase_road.ask(env)
env.cr.commit()
"""
LEAVE = """
env["ir.module.module"].search([("name", "=", "purchase")]).button_immediate_uninstall()
result = "purchase.order" in env
"""
LEFT = """
rows = env["construction.material"].search([("project_id", "=", {project})])
result = [sum(rows.mapped("quantity_ordered")), len(rows.search([("is_missing", "=", True)]))]
"""


class TestMaterialsPurchase(LiveCase):
    maxDiff = None

    def test_what_is_on_a_request_for_quotation_counts_as_ordered(self):
        db = self.new_database()
        self.install(db, project.NAME, "purchase")
        found = self.run_shell(db, ROAD)
        self.assertIn("vendor", found["without_vendor"])
        self.assertIn("Purchase / User", found["without_right"])
        self.assertTrue(found["once"], "pressed twice, it is one request")
        self.assertEqual(found["order"], ["draft", "Brickworks", True])
        packs = -(-found["needed"] // 7)
        self.assertEqual(found["lines"], [["Pallet", packs, 3.5]])
        self.assertEqual(found["asked"], [packs * 7, 0])
        self.assertEqual(found["more"], [(packs + 1) * 7, 0])
        self.assertEqual(found["confirmed"], found["more"])
        self.assertEqual(found["cancelled"], [0, found["needed"]])
        self.assertEqual(found["deleted"], [0, found["needed"]])
        self.assertEqual(found["last"], found["asked"])

        self.run_shell(db, LEAVE, loading=True)
        ordered, _missing = self.run_shell(db, LEFT.format(project=found["project"]))
        self.assertGreater(ordered, 0, "without Purchase, what was asked stays ordered")
