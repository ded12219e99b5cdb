"""Uninstalling leaves the company's records as they were."""

from tools.live import dumps, worlds
from tools.live.support import LiveCase

# Rows that hang on records of ours and go with them: table → the column that names the model, or the row they hang on.
MODEL_COLUMNS = {
    "mail_message": "model",  # the chatter of sheets, contracts and recipes, and of our actions and scheduled jobs
    "mail_followers": "res_model",
    "mail_activity": "res_model",
    "ir_attachment": "res_model",  # their files, and the icon of our menu
}
PARENT_COLUMNS = {
    "mail_tracking_value": ("mail_message_id", "mail_message"),
    "mail_message_res_partner_rel": ("mail_message_id", "mail_message"),
    "mail_message_mail_activity_type_rel": ("mail_message_id", "mail_message"),
    "mail_followers_mail_message_subtype_rel": ("mail_followers_id", "mail_followers"),
    "ir_sequence_date_range": ("sequence_id", "ir_sequence"),  # the years of those numbers
}


def of_our_records(before, own):
    """A judge of rows that may be deleted: those of our records, never those of stock's; none may be changed.

    `own`: table → ids of the rows the addon brought with it as data.
    """

    def may(table, old, new):
        return new is None and hangs_on_ours(table, old)

    def hangs_on_ours(table, row):
        if row.get("id") in own.get(table, ()):
            return True
        if table in MODEL_COLUMNS:
            return str(row[MODEL_COLUMNS[table]]).startswith(("construction.", "ir."))
        if table in PARENT_COLUMNS:
            column, parent = PARENT_COLUMNS[table]
            return row[column] in own.get(parent, ()) or hangs_on_ours(parent, before[parent][row[column]])
        return False

    return may


OWN_DATA = """
    SELECT replace(model, '.', '_'), string_agg(res_id::text, ',') FROM ir_model_data
     WHERE module = 'construction_crm' GROUP BY model
"""


class TestUninstall(LiveCase):
    maxDiff = None

    def test_orders_invoices_payments_and_projects_stay_as_they_were(self):
        db = self.new_database()
        columns = dumps.stock_columns(self, db)
        self.install(db)
        made = self.run_shell(db, worlds.code("whole_line"))
        before = dumps.dump(self, db, columns)
        own = {table: set(map(int, ids.split(","))) for table, ids in self.sql(db, OWN_DATA)}
        self.assertTrue(before["account_payment"] and before["project_task"], "there is something to lose")

        self.uninstall(db)
        after = dumps.dump(self, db, columns)
        self.assertEqual(
            dumps.changes(before, after, [of_our_records(before, own), dumps.is_administrator_touched]), []
        )
        self.check_work_goes_on(db, made)

    def check_work_goes_on(self, db, made):
        """Orders open, confirm and are invoiced as in any Odoo."""
        found = self.run_shell(
            db,
            f"""
            order, waiting = env["sale.order"].browse([{made["order"]}, {made["open"]}])
            waiting.action_confirm()
            invoices = waiting._create_invoices() + order._create_invoices(final=True)
            invoices.action_post()
            views = [env[name].get_views([(False, "form"), (False, "list")]) for name in (
                "sale.order", "crm.lead", "account.move", "project.project", "project.task", "product.template")]
            env["crm.lead"].browse({made["deal"]}).web_read({{"name": {{}}, "order_ids": {{}}}})
            env["project.project"].browse({made["project"]}).web_read({{"name": {{}}, "task_ids": {{}}}})
            paid = env["account.move"].browse({made["invoice"]})
            result = [waiting.state, invoices.mapped("state"), paid.payment_state,
                      order.amount_total, sum(order.invoice_ids.mapped("amount_total"))]
            """,
        )
        state, invoices, payment_state, total, invoiced = found
        self.assertEqual((state, set(invoices), payment_state), ("sale", {"posted"}, "paid"))
        self.assertEqual(total, made["total"])
        self.assertAlmostEqual(invoiced, total, 2)
