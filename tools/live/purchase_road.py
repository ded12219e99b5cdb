"""What is missing on a site, ordered through Purchase; run inside Odoo where that is installed."""

from odoo import Command
from odoo.exceptions import AccessError, UserError

from . import worlds


def ask(env):
    """Order the materials of a project by requests for quotation, and look at what counts as ordered on the way.

    :return: dict of what was found, to be compared outside
    """
    project = worlds.sold(env).opportunity_id._start_project()
    rows = env["construction.material"].search([("project_id", "=", project.id)])
    found = {"rows": len(rows), "needed": sum(rows.mapped("quantity_needed"))}
    brick = rows.product_id[0]
    vendor = env["res.partner"].create({"name": "Brickworks"})
    pallet = env["uom.uom"].create({"name": "Pallet", "relative_factor": 7, "relative_uom_id": brick.uom_id.id})
    found["without_vendor"] = refused(lambda: dialog(rows).action_request_quotations())
    brick.seller_ids = [Command.create({"partner_id": vendor.id, "product_uom_id": pallet.id, "price": 3.5})]
    rows.invalidate_recordset()

    foreman = env["res.users"].create(
        {
            "name": "Live foreman",
            "login": "live_foreman",
            "group_ids": [Command.set([env.ref("project.group_project_user").id])],
        }
    )
    project.user_id = foreman
    found["without_right"] = refused(lambda: dialog(rows.with_user(foreman)).action_request_quotations())
    foreman.group_ids += env.ref("purchase.group_purchase_user")

    asked = dialog(rows.with_user(foreman))
    first, second = asked.action_request_quotations(), asked.action_request_quotations()
    found["once"] = first == second
    order = env["purchase.order"].browse(first["res_id"])
    found["order"] = [order.state, order.partner_id.name, order.origin == project.code]
    found["lines"] = [[line.product_uom_id.name, line.product_qty, line.price_unit] for line in order.order_line]
    found["asked"] = state(rows)
    order.order_line[0].product_qty += 1
    found["more"] = state(rows)
    order.button_confirm()
    found["confirmed"] = state(rows)
    order.button_cancel()
    found["cancelled"] = state(rows)
    again = dialog(rows.with_user(foreman)).action_request_quotations()
    order_again = env["purchase.order"].browse(again["res_id"])
    order_again.button_cancel()
    order_again.unlink()
    found["deleted"] = state(rows)
    dialog(rows.with_user(foreman)).action_request_quotations()
    found["last"] = state(rows)
    found["project"] = project.id
    return found


def dialog(rows):
    return rows.env["construction.material.order"].browse(rows.action_order()["res_id"])


def state(rows):
    """How much is ordered and missing, in all."""
    rows.invalidate_recordset()
    return [sum(rows.mapped("quantity_ordered")), sum(rows.mapped("quantity_missing"))]


def refused(act):
    """The words of a refusal."""
    try:
        act()
    except (AccessError, UserError) as error:
        return str(error)
    return ""
