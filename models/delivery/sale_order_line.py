from collections.abc import Callable
from typing import NamedTuple

from markupsafe import Markup

from odoo import fields, models
from odoo.tools.misc import get_lang

from .formats import get_decimals


class Needs(NamedTuple):
    """What order lines take, read of all of them at once: by itself each chapter would ask anew."""

    taken_apart: dict  # see `_take_works_apart`
    hours: dict  # see `_get_hours_by_line`
    show: Callable  # see `_get_quantity_format`


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    # Without a domain: a changed quantity finds its milestones here, all lines at once. Stock's own list of them has
    # a domain, and then Odoo searches twice for each line.
    milestone_ids = fields.One2many("project.milestone", "sale_line_id", readonly=True, export_string_translation=False)

    # ------------------------------------------------------------
    # BUSINESS: chapters become tasks
    # ------------------------------------------------------------

    def _read_needs(self):
        """Read what these lines take, for the tasks of all their chapters."""
        taken_apart = self._take_works_apart()
        return Needs(taken_apart, self._get_hours_by_line(taken_apart=taken_apart), self._get_quantity_format())

    def _prepare_chapter_task_values(self, components, needs):
        """Values of the task that carries out this chapter, this part of one, or this item.

        :param components: the order lines under this section
        :param needs: the `Needs` of these lines
        """
        self.ensure_one()
        service = components.filtered(
            lambda line: line.is_service and not line.is_expense and line.cost_nature == "labour" and not line.task_id
        )[:1]
        return {
            "name": self._get_chapter_task_name(),
            "description": self._get_chapter_task_description(components, needs),
            # Variations may have taken out more than the chapter holds by itself.
            "allocated_hours": max(sum(needs.hours.get(line, 0.0) for line in components), 0.0),
            "chapter_line_id": self.id,
            # A labour line sold by the hour takes the time spent on the task; it must be a service, stock checks that.
            "sale_line_id": service.id,
            "partner_id": self.order_id.partner_id.id,
            # Given: stock would assign whoever starts the project.
            "user_ids": [],
        }

    def _get_chapter_task_name(self):
        """Return the number and the name of the chapter, in one line."""
        product = self.chapter_product_id if self.display_type else self.product_id
        title = (self.name or product.display_name or "").strip().split("\n")[0]
        number = (self.chapter_number or "").strip()
        if number and title.split(" ")[0].rstrip(".") != number.rstrip("."):
            return f"{number} {title}"
        return title

    def _get_chapter_task_description(self, components, needs):
        """Return what is to be built and with what: quantities only, never a price."""
        self.ensure_one()
        quantity, uom = self._get_works_quantity()
        show = needs.show
        parts = []
        if quantity and uom:
            parts.append(Markup("<p><strong>%s</strong></p>") % show(quantity, uom))
        materials, others = components._list_needs(needs.taken_apart)
        for title, rows in (
            (self.env._("Materials"), materials),
            (self.env._("Equipment and services"), others),
        ):
            if rows:
                # one long text for all rows: hundreds of chapters are described when a project starts
                items = [text for name, *need in rows for text in (name, show(*need))]
                parts.append(Markup("<p>%s</p>") % title)
                parts.append(Markup("<ul>%s</ul>") % (Markup("<li>%s: %s</li>") * len(rows) % tuple(items)))
        return Markup().join(parts)

    def _list_needs(self, taken_apart):
        """List what these lines take beside labour: (materials, other things), each (name, quantity, unit)."""
        materials, others = [], []
        for line in self:
            if line in taken_apart:
                needs = [
                    (part["product"], part["product"].display_name, part["quantity"], part["uom"], part["nature"])
                    for part in taken_apart[line]
                    if part["percent"] is None
                ]
            else:
                name = line.product_id.display_name or line.name
                needs = [(line.product_id, name, line.product_uom_qty, line.product_uom_id, line.cost_nature)]
            for product, name, quantity, uom, nature in needs:
                if nature == "material" or (not nature and product.type == "consu"):
                    materials.append((name, quantity, uom))
                elif nature != "labour":
                    others.append((name, quantity, uom))
        return materials, others

    def _format_quantity(self, quantity, uom):
        return self._get_quantity_format()(quantity, uom)

    def _get_quantity_format(self):
        """What writes a quantity with its unit; loops ask for the language and the decimals once."""
        lang = self.env["res.lang"].browse(get_lang(self.env).id)
        decimals = self.env["decimal.precision"].precision_get("Product Unit")
        written = {}  # the same quantities stand in many chapters

        def show(quantity, uom):
            key = quantity, uom.id
            if key not in written:
                shape = f"%.{get_decimals(quantity, decimals)}f"
                written[key] = f"{lang.format(shape, quantity, grouping=True)} {uom.name or ''}".strip()
            return written[key]

        return show

    def _add_project_analytic_accounts(self, project):
        """Book these lines on the analytic accounts of the project too, as stock does when the project is chosen."""
        accounts = project._get_analytic_accounts()
        if not accounts:
            return
        for line in self.filtered("product_id"):
            if not line.analytic_distribution:
                line.analytic_distribution = project._get_analytic_distribution()
                continue
            plans = (
                self.env["account.analytic.account"]
                .browse({int(i) for ids in line.analytic_distribution for i in ids.split(",")})
                .root_plan_id
            )
            missing = accounts.filtered(lambda account: account.root_plan_id not in plans)  # noqa: B023
            if missing:
                suffix = ",".join(str(account_id) for account_id in missing.ids)
                line.analytic_distribution = {
                    f"{ids},{suffix}": percentage for ids, percentage in line.analytic_distribution.items()
                }
