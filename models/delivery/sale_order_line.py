from markupsafe import Markup

from odoo import fields, models
from odoo.tools import float_is_zero
from odoo.tools.misc import formatLang


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    # Without a domain: a changed quantity finds its milestones here, all lines at once. Stock's own list of them has
    # a domain, and then Odoo searches twice for each line.
    milestone_ids = fields.One2many("project.milestone", "sale_line_id", readonly=True, export_string_translation=False)

    # ------------------------------------------------------------
    # BUSINESS: chapters become tasks
    # ------------------------------------------------------------

    def _prepare_chapter_task_values(self, components, hour=None):
        """Values of the task that carries out this chapter.

        :param components: the order lines under this section
        :param hour: the unit hour, see ``_get_labour_hours``
        """
        self.ensure_one()
        service = components.filtered(
            lambda line: line.is_service and not line.is_expense and line.cost_nature == "labour" and not line.task_id
        )[:1]
        return {
            "name": self._get_chapter_task_name(),
            "description": self._get_chapter_task_description(components),
            "allocated_hours": components._get_labour_hours(hour),
            "chapter_line_id": self.id,
            # A labour line sold by the hour takes the time spent on the task; it must be a service, stock checks that.
            "sale_line_id": service.id,
            "partner_id": self.order_id.partner_id.id,
            # Given: stock would assign whoever starts the project.
            "user_ids": [],
        }

    def _get_chapter_task_name(self):
        """Return the number and the name of the chapter, in one line."""
        title = (self.name or self.chapter_product_id.display_name or "").strip().split("\n")[0]
        number = (self.chapter_number or "").strip()
        if number and title.split(" ")[0].rstrip(".") != number.rstrip("."):
            return f"{number} {title}"
        return title

    def _get_labour_hours(self, hour=None):
        """Return the hours of the labour in these lines; units that are no time (a flat rate) count nothing.

        :param hour: the unit hour, given by loops: each look-up of it is a query
        """
        # A line that stock already turned into a task of its own keeps its hours there.
        labour = self.filtered(lambda line: line.cost_nature == "labour" and not line.task_id)
        hour = hour or (labour and self.env.ref("uom.product_uom_hour"))
        hours = 0.0
        for line in labour:
            if line.product_uom_id._has_common_reference(hour):
                hours += line.product_uom_id._compute_quantity(line.product_uom_qty, hour, round=False)
        return hours

    def _get_chapter_task_description(self, components):
        """Return what is to be built and with what: quantities only, never a price."""
        self.ensure_one()
        parts = []
        if self.chapter_quantity:
            parts.append(
                Markup("<p><strong>%s</strong></p>") % self._format_quantity(self.chapter_quantity, self.chapter_uom_id)
            )
        materials = components.filtered(
            lambda line: line.cost_nature == "material" or (not line.cost_nature and line.product_id.type == "consu")
        )
        others = components.filtered(lambda line: line.cost_nature != "labour") - materials
        for title, lines in (
            (self.env._("Materials"), materials),
            (self.env._("Equipment and services"), others),
        ):
            if lines:
                parts.append(Markup("<p>%s</p>") % title)
                parts.append(
                    Markup("<ul>%s</ul>")
                    % Markup().join(
                        Markup("<li>%s: %s</li>")
                        % (
                            line.product_id.display_name or line.name,
                            line._format_quantity(line.product_uom_qty, line.product_uom_id),
                        )
                        for line in lines
                    )
                )
        return Markup().join(parts)

    def _format_quantity(self, quantity, uom):
        return f"{formatLang(self.env, quantity, dp='Product Unit')} {uom.name or ''}".strip()

    def _is_bought(self):
        """Tell the lines the client ordered from options left at zero."""
        self.ensure_one()
        return not float_is_zero(
            self.product_uom_qty, precision_digits=self.env["decimal.precision"].precision_get("Product Unit")
        )

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
