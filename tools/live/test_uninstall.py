"""Uninstalling leaves the company's records as they were."""

from tools.live import dumps, worlds
from tools.live.support import LiveCase

# Tables whose rows about our own records go with them, with the reason.
OF_OUR_RECORDS = {
    "mail_message": "the chatter of sheets, contracts and recipes goes with them",
    "mail_tracking_value": "what those messages tracked",
    "mail_followers": "the followers of those records",
    "mail_activity": "the activities of those records",
    "mail_message_res_partner_rel": "whom those messages named",
    "mail_followers_mail_message_subtype_rel": "what those followers follow",
    "mail_activity_type": "the visit of a surveyor is ours",
    "ir_attachment": "files of those records, and our icons and scripts",
    "ir_sequence": "numbers of sheets, contracts and projects",
    "res_users_rel": "our groups",
}


def is_of_ours_deleted(table, old, new):
    """Rows that hung on records of ours may go; none is changed."""
    return new is None and table in OF_OUR_RECORDS


class TestUninstall(LiveCase):
    maxDiff = None

    def test_orders_invoices_payments_and_projects_stay_as_they_were(self):
        db = self.new_database()
        columns = dumps.stock_columns(self, db)
        self.install(db)
        made = self.run_shell(db, worlds.code("whole_line"))
        before = dumps.dump(self, db, columns)
        self.assertTrue(before["account_payment"] and before["project_task"], "there is something to lose")

        self.uninstall(db)
        after = dumps.dump(self, db, columns)
        self.assertEqual(dumps.changes(before, after, [is_of_ours_deleted]), [])
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
