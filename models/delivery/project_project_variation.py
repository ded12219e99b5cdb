from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import float_is_zero

from .hours import get_hour

CANCELLED = "1_canceled"


class ProjectProject(models.Model):
    """What a variation changes in the running works: hours, tasks, days."""

    _inherit = "project.project"

    variation_count = fields.Integer(compute="_compute_variation_count", groups="base.group_user")

    # === COMPUTE === #

    @api.depends("lead_id")
    def _compute_variation_count(self):
        for project in self:
            # reason of sudo: a project user may not read every contract's quotes; it is a number
            contracts = project.sudo()._get_varied_contracts()
            project.variation_count = sum(contracts.mapped("variation_count"))

    # === ACTION === #

    def action_view_variations(self):
        """Open the variations of the contract of these works."""
        self.ensure_one()
        return self.sudo()._get_varied_contracts().sudo(False).action_view_variations()  # reason of sudo: as above

    # === BUSINESS === #

    def _get_varied_contracts(self):
        return self.lead_id.contract_ids.filtered(lambda contract: contract.state != "cancelled")

    def _take_variation_tasks(self, order):
        """Plan the hours of a variation on the tasks of its chapters, and make tasks of its new chapters.

        :param order: the variation, as superuser
        :return: dict of what was changed, for `_give_back_variation_tasks`
        """
        if not self:
            return {}
        self.ensure_one()
        hour = get_hour(self.env)
        works = order._get_works()[order]
        roots = self.env["sale.order.line"].union(*(found.key._get_root_chapter() for found in works))
        tasks, taken_out = self._get_chapter_tasks(roots), roots._filter_taken_out()
        hours, states, notes, new = {}, {}, {}, []
        for found in works:
            root = found.key._get_root_chapter()
            task = tasks.get(root)
            if not task:
                if found.is_chapter and root == found.key:
                    new.append((found.key, found.lines))
                continue
            added = max(found.lines._get_labour_hours(hour), -task.allocated_hours)
            if added:
                task.allocated_hours += added
                hours[str(task.id)] = hours.get(str(task.id), 0.0) + added
            notes[task.id] = found.key._describe_variation(order)
            if root in taken_out and task.state != CANCELLED:
                states[str(task.id)] = task.state
                task.state = CANCELLED
        self.env["project.task"].browse(notes)._message_log_batch(notes)
        return {"hours": hours, "states": states, "tasks": self._add_variation_tasks(order, new).ids}

    def _get_chapter_tasks(self, chapters):
        """The task of each of these chapters: dict of chapter → task."""
        domain = [("project_id", "=", self.id), ("chapter_line_id", "in", chapters.ids)]
        tasks = self.env["project.task"].search(domain, order="id desc")
        return {task.chapter_line_id: task for task in tasks}

    def _add_variation_tasks(self, order, chapters):
        """Tasks of the new chapters of a variation; one undone before gets its own back."""
        archived = self.env["project.task"].with_context(active_test=False)
        archived = archived.search(
            [("project_id", "=", self.id), ("chapter_line_id", "in", [chapter.id for chapter, _lines in chapters])]
        )
        archived.active = True
        chapters = [(chapter, lines) for chapter, lines in chapters if chapter not in archived.chapter_line_id]
        tasks = self._add_chapter_tasks(chapters) if chapters else archived.browse()
        self._link_orders(order)
        return tasks | archived

    def _give_back_variation_tasks(self, data):
        """Undo `_take_variation_tasks`: tasks on which something was done are archived, not deleted."""
        tasks = self.env["project.task"].with_context(active_test=False)
        for task_id, added in (data.get("hours") or {}).items():
            task = tasks.browse(int(task_id)).exists()
            if task:
                task.allocated_hours = max(task.allocated_hours - added, 0.0)
        for task_id, state in (data.get("states") or {}).items():
            task = tasks.browse(int(task_id)).exists()
            if task.state == CANCELLED:
                task.state = state
        made = tasks.browse(data.get("tasks") or ()).exists()
        used = made.filtered(lambda task: task.child_ids or task.state != "01_in_progress")
        used.active = False
        (made - used).unlink()

    def _shift_open_stages(self, order):
        """End the stage of works at hand by the days of a variation later, and move those after it.

        :return: dict of milestone id → field → (day before, day after)
        """
        names = ("date_start", "deadline", "deadline_original")
        stages = self.milestone_ids.filtered(lambda stage: stage.project_stage_id and not stage.is_reached)
        if not stages:
            return {}
        before = {stage: {name: stage[name] for name in names} for stage in stages}
        first, days = stages[0], order.variation_days
        first._shift_stages(
            days,
            reason=order._get_variation_title(),
            agreed=True,
            # the stage at work never ends before it starts
            longer=not (first.date_start and first.deadline)
            or first.deadline + timedelta(days=days) >= first.date_start,
        )
        day = fields.Date.to_string
        return {
            str(stage.id): {name: (day(old), day(stage[name])) for name, old in dates.items() if old != stage[name]}
            for stage, dates in before.items()
        }


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    # === BUSINESS === #

    def _filter_taken_out(self):
        """Those of these chapters of which nothing is left."""
        # reason of sudo: whoever starts the works need not read those of every order
        positions = self.env["construction.position"].sudo().search([("chapter_line_id", "in", self.ids)])
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        gone = positions.filtered(lambda position: float_is_zero(position.quantity, precision_digits=digits))
        return gone.chapter_line_id.with_env(self.env)

    def _describe_variation(self, order):
        """What a variation changes of a chapter, for its task: quantities, never a price."""
        self.ensure_one()
        quantity, uom = self._get_works_quantity()
        change = self._format_quantity(quantity, uom)
        return self.env._(
            "Variation %(number)s: %(change)s of this chapter.",
            number=order.variation_number,
            change=f"+{change}" if quantity > 0 else change,
        )


class ConstructionContract(models.Model):
    _inherit = "construction.contract"

    # === BUSINESS === #

    def _take_variation_days(self, order):
        """Move the end of the contract and the stages to come by the days of a variation.

        :return: dict of what was changed, for `_give_back_variation_days`
        """
        self.ensure_one()
        days, data = order.variation_days, {}
        if not days or self.state not in ("signed", "running"):
            return data
        if self.date_end:
            data["date_end"] = fields.Date.to_string(self.date_end)
            self.date_end += timedelta(days=days)
        project = self.construction_project_id
        if project:
            end = project.date
            data["stages"] = project._shift_open_stages(order)
            if end and project.date == end:
                project.date = end + timedelta(days=days)
            data["date"] = fields.Date.to_string(end)
        return data

    def _give_back_variation_days(self, data, days):
        """Undo `_take_variation_days`; dates changed by hand since move back as far."""
        self.ensure_one()
        back = timedelta(days=-days)
        for stage_id, dates in (data.get("stages") or {}).items():
            stage = self.env["project.milestone"].browse(int(stage_id)).exists()
            values = {}
            for name, (old, new) in dates.items():
                is_untouched = fields.Date.to_string(stage[name]) == new
                values[name] = old if is_untouched else stage[name] and stage[name] + back
            stage.write(values)
        if data.get("date_end") and self.date_end:
            self.date_end += back
        project = self.construction_project_id
        if data.get("date") and project.date and fields.Date.to_string(project.date) != data["date"]:
            project.date += back


class CrmLead(models.Model):
    _inherit = "crm.lead"

    variation_count = fields.Integer(compute="_compute_linked_counts", compute_sudo=True)

    # === COMPUTE === #

    @api.depends("contract_ids.variation_order_ids.variation_state")
    def _compute_linked_counts(self):
        result = super()._compute_linked_counts()
        for lead in self:
            # deals without a contract, and stock's own leads, look for none
            lead.variation_count = sum(lead.contract_ids.mapped("variation_count")) if lead.contract_count else 0
        return result

    @api.depends("order_ids.variation_state")
    def _compute_money(self):
        return super()._compute_money()

    # === ACTION === #

    def action_view_variations(self):
        """Open the variations of the contracts of this deal."""
        self.ensure_one()
        return self.contract_ids.action_view_variations()

    # === BUSINESS === #

    def _get_orders_to_start(self):
        """A variation that is no part of its contract starts nothing."""
        return super()._get_orders_to_start().filtered(lambda order: not order._is_waiting_variation())

    def _get_ordered(self):
        """A variation counts as long as it is part of its contract, as that counts it."""
        return super()._get_ordered().filtered(lambda order: not order._is_waiting_variation())


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # === BUSINESS === #

    def _get_chapters_of_works(self):
        """What is more, or less, of a chapter belongs to that chapter; what was taken out is not built."""
        chapters = super()._get_chapters_of_works()
        applied = self.filtered(lambda order: order.variation_state == "applied")
        if not applied:
            return chapters
        deltas = applied.order_line.grouped("origin_line_id")
        none = applied.order_line.browse()
        taken_out = none.union(*(chapter for chapter, _lines in chapters))._filter_taken_out()
        return [
            (chapter, lines.union(*(deltas.get(line, none) for line in lines)))
            for chapter, lines in chapters
            if not chapter.origin_chapter_id and chapter not in taken_out
        ]

    def _get_parts_of_works(self, chapters):
        """A line of a variation belongs to the part of the line it changes."""
        deltas = self.order_line.browse().union(*(lines.filtered("origin_line_id") for _chapter, lines in chapters))
        if not deltas:
            return super()._get_parts_of_works(chapters)
        units = super()._get_parts_of_works([(chapter, lines - deltas) for chapter, lines in chapters])
        by_origin = deltas.grouped("origin_line_id")
        none = deltas.browse()
        return [
            (chapter, part, lines.union(*(by_origin.get(line, none) for line in lines)))
            for chapter, part, lines in units
        ]
