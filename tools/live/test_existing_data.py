"""Installing on, and upgrading, a company's database changes none of its records."""

from tools.live import dumps, worlds
from tools.live.support import LiveCase

# Tables that get a row of ours on installing, with the reason.
ADDED_BY_INSTALLING = {
    "ir_sequence": "numbers of sheets, contracts and projects",
    "mail_activity_type": "a quote whose sheet has changed",
    "ir_attachment": "the icon of the menu, and bundles of scripts and styles",
    "mail_message": "what Odoo says of our own records",
}


def is_ours_added(table, old, new):
    """Rows the addon adds for itself, never a change of an existing one."""
    return old is None and table in ADDED_BY_INSTALLING


def is_menu_icon(table, old, new):
    """Menus are written anew on each upgrade, and their icons with them."""
    return table == "ir_attachment" and old is not None and old["res_model"] == "ir.ui.menu"


class TestExistingData(LiveCase):
    maxDiff = None

    def test_installing_and_upgrading_changes_no_stock_record(self):
        db = self.new_database()
        made = self.run_shell(db, worlds.code("stock_world"))
        columns = dumps.stock_columns(self, db)
        before = dumps.dump(self, db, columns)
        self.assertGreater(len(before["account_move_line"]), 10, "there is something to change")

        self.install(db)
        installed = dumps.dump(self, db, columns)
        self.assertEqual(dumps.changes(before, installed, [is_ours_added, dumps.is_administrator_touched]), [])

        self.upgrade(db)
        self.upgrade(db)
        upgraded = dumps.dump(self, db, columns)
        self.assertEqual(dumps.changes(installed, upgraded, [dumps.is_administrator_touched, is_menu_icon]), [])
        self.check_existing_work(db, made)

    def check_existing_work(self, db, made):
        """What was there can be worked with, and a deal that becomes one of ours shows its money."""
        found = self.run_shell(
            db,
            f"""
            order = env["sale.order"].browse({made["draft"]})
            order.action_confirm()
            invoice = order._create_invoices()
            invoice.action_post()
            deals = env["crm.lead"].browse({made["deals"]})
            paid = deals[2]
            untyped = paid.amount_collected
            paid.construction_type_id = env["construction.type"].create({{"name": "House"}})
            result = {{
                "state": order.state,
                "invoice": invoice.state,
                "untyped": untyped,
                "collected": [paid.amount_invoiced, paid.amount_collected, paid.amount_overdue],
                "expected": env["sale.order"].browse({made["sold"]}).amount_total,
                "forms": [bool(record.web_read({{"display_name": {{}}}})) for record in (order, invoice, paid)],
            }}
            """,
        )
        self.assertEqual((found["state"], found["invoice"]), ("sale", "posted"))
        self.assertEqual(found["untyped"], 0.0)
        self.assertEqual(found["collected"], [found["expected"], found["expected"], 0.0])
        self.assertEqual(found["forms"], [True, True, True])
