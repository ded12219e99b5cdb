from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import float_is_zero

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
        hour = self.env.ref("uom.product_uom_hour")
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

    def _shift_open_stages(self, days):
        """End the stage of works that is open so many days later, and move those after it.

        :return: dict of milestone id → the dates it had
        """
        moved = {}
        open_stages = self.milestone_ids.filtered(lambda stage: stage.project_stage_id and not stage.is_reached)
        for place, stage in enumerate(open_stages.sorted(lambda stage: (stage.sequence, stage.id))):
            dates = {name: stage[name] for name in ("date_start", "deadline") if stage[name]}
            if not place:
                # the stage at work ends on another day, never before it starts
                dates.pop("date_start", None)
                if stage.date_start and stage.deadline and stage.deadline + timedelta(days=days) < stage.date_start:
                    continue
            values = {name: day + timedelta(days=days) for name, day in dates.items()}
            if values:
                moved[str(stage.id)] = {name: fields.Date.to_string(stage[name]) for name in values}
                stage.write(values)
        return moved


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    # === BUSINESS === #

    def _filter_taken_out(self):
        """Those of these chapters of which nothing is left."""
        positions = self.env["construction.position"].search([("chapter_line_id", "in", self.ids)])
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        gone = positions.filtered(lambda position: float_is_zero(position.quantity, precision_digits=digits))
        return gone.chapter_line_id

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

    def _take_variation_days(self, days):
        """Move the end of the contract and the stages to come.

        :return: dict of what was changed, for `_give_back_variation_days`
        """
        self.ensure_one()
        data = {}
        if not days or self.state not in ("signed", "running"):
            return data
        if self.date_end:
            data["date_end"] = fields.Date.to_string(self.date_end)
            self.date_end = self.date_end + timedelta(days=days)
        project = self.construction_project_id
        if project:
            data["stages"] = project._shift_open_stages(days)
            if project.date:
                data["date"] = fields.Date.to_string(project.date)
                project.date += timedelta(days=days)
        return data

    def _give_back_variation_days(self, data, days):
        """Undo `_take_variation_days`; dates changed by hand since move back as far."""
        self.ensure_one()
        back = timedelta(days=-days)
        if data.get("date_end") and self.date_end:
            self.date_end += back
        project = self.construction_project_id
        if data.get("date") and project.date:
            project.date += back
        for stage_id, dates in (data.get("stages") or {}).items():
            stage = self.env["project.milestone"].browse(int(stage_id)).exists()
            stage.write({name: stage[name] + back for name in dates if stage[name]})


class CrmLead(models.Model):
    _inherit = "crm.lead"

    variation_count = fields.Integer(compute="_compute_variation_count", compute_sudo=True)

    # === COMPUTE === #

    @api.depends("contract_ids.variation_order_ids.variation_state")
    def _compute_variation_count(self):
        for lead in self:
            lead.variation_count = sum(lead.contract_ids.mapped("variation_count"))

    # === ACTION === #

    def action_view_variations(self):
        """Open the variations of the contracts of this deal."""
        self.ensure_one()
        return self.contract_ids.action_view_variations()

    # === BUSINESS === #

    def _get_orders_to_start(self):
        """A variation that is no part of its contract starts nothing."""
        return super()._get_orders_to_start().filtered(lambda order: not order._is_waiting_variation())

    def _get_chapters_without_task(self, project):
        """What is more, or less, of a chapter belongs to the task of that chapter."""
        chapters = super()._get_chapters_without_task(project)
        applied = self.order_ids.filtered(lambda order: order.variation_state == "applied")
        if not applied:
            return chapters
        deltas = applied.order_line.grouped("origin_line_id")
        none = applied.order_line.browse()
        return [
            (chapter, lines.union(*(deltas.get(line, none) for line in lines)))
            for chapter, lines in chapters
            if not chapter.origin_chapter_id
        ]
