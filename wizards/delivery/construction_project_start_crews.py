from odoo import api, fields, models
from odoo.tools.i18n import format_list

from ...core.delivery import capacity as core
from ...models.delivery.construction_crew_load import BOARD_WEEKS

# The bars of a preview show the weeks of the works, from the start on.
WEEKS_BEFORE = 1
# A warning names no more weeks than are read.
MOST_WEEKS = 6


class ConstructionProjectStart(models.TransientModel):
    """Who carries out the chapters, and whether the crews have room; a start moved to another day moves the bars."""

    _inherit = "construction.project.start"

    load_preview = fields.Json(compute="_compute_load_preview", export_string_translation=False)
    load_warning = fields.Text(string="Too Much Work", compute="_compute_load_preview")

    @api.depends(
        "date_start",
        "date_end",
        "task_line_ids.crew_id",
        "task_line_ids.allocated_hours",
        "task_line_ids.date_start",
        "task_line_ids.deadline",
    )
    def _compute_load_preview(self):
        for wizard in self:
            jobs = wizard._get_crew_jobs()
            if not jobs:
                wizard.load_preview = wizard.load_warning = False
                continue
            # The order being started is in the load as sold already: here it is this job.
            load = self.env["construction.crew"]._get_load(skip_leads=wizard.lead_id.ids)
            added = {}
            for crew, hours, start, end in jobs:
                # reason of sudo below: the load is worked out with sudo, its crews must be of that environment
                row = added.setdefault(crew.id, [0.0] * len(load.weeks))
                for number, part in load.spread(crew.sudo(), hours, start, end).items():
                    row[number] += part
            wizard.load_preview = wizard._get_load_board(load, added)
            wizard.load_warning = wizard._get_load_warning(load, added)

    def _get_crew_jobs(self):
        """Return ``[(crew, hours, first day, last day)]`` of the tasks to make: their stages give the days."""
        self.ensure_one()
        start = self.date_start or fields.Date.context_today(self)
        whole = (start, max(self.date_end or start, start))
        return [
            (
                line.crew_id._origin,
                line.allocated_hours,
                *(core.order_span(line.date_start, line.deadline) or whole),
            )
            for line in self.task_line_ids
            if line.crew_id and line.allocated_hours > 0
        ]

    def _get_load_board(self, load, added):
        Crew = self.env["construction.crew"]
        first = max(load.get_index(self.date_start or load.today) - WEEKS_BEFORE, 0)
        last = max(number for row in added.values() for number, hours in enumerate(row) if hours or not number)
        shown = range(first, min(max(first + BOARD_WEEKS, last + 1), first + 2 * BOARD_WEEKS, len(load.weeks)))
        return {
            "weeks": Crew._get_board_weeks([load.weeks[number] for number in shown]),
            "crews": [
                Crew._get_board_crew(load, crew, shown, dict(enumerate(added[crew.id])))
                for crew in load.crews
                if crew.id in added
            ],
            "companies": 1,
        }

    def _get_load_warning(self, load, added):
        """Say which crews would have too much to do with this job, and from when on they have room for it."""
        Crew = self.env["construction.crew"]
        sentences = []
        for crew in load.crews.filtered(lambda crew: crew.id in added):
            row = added[crew.id]
            over = [
                number
                for number, hours in enumerate(row)
                if hours and load.firm[crew.id][number] + hours > load.capacity[crew.id][number] + core.EPSILON
            ]
            if not over:
                continue
            _crew, week = load.find_room(crew, sum(row), self.date_start or load.today)
            weeks = [Crew._get_week_name(load.weeks[number]) for number in over[:MOST_WEEKS]]
            names = {"crew": crew.name, "week": format_list(self.env, weeks), "hours": round(sum(row))}
            if week:
                sentences.append(
                    self.env._(
                        "%(crew)s: too much work in %(week)s. Room for these %(hours)s hours: from %(room)s on.",
                        room=Crew._get_week_name(week),
                        **names,
                    )
                )
            else:
                sentences.append(
                    self.env._(
                        "%(crew)s: too much work in %(week)s, and no room for these %(hours)s hours within a year.",
                        **names,
                    )
                )
        return "\n".join(sentences)

    def _prepare_answers(self):
        answers = super()._prepare_answers()
        for line in self.task_line_ids:
            # sudo: only the id of the chapter, or of its part, is taken
            key = (line.sudo().part_line_id or line.sudo().chapter_line_id).id
            answers["tasks"].setdefault(key, {})["crew_id"] = line.crew_id.id
        return answers

    def _complete_task_rows(self, rows, units):
        """Propose who carries out each task."""
        result = super()._complete_task_rows(rows, units)
        Stage = self.env["project.project.stage"]
        proposed = self.env["construction.crew"]._propose_for_works(
            {
                number: (components, Stage.browse(row["project_stage_id"]))
                for number, (row, (_chapter, _part, components)) in enumerate(zip(rows, units, strict=True))
            }
        )
        for number, crew in proposed.items():
            rows[number]["crew_id"] = crew.id
        return result


class ConstructionProjectStartTask(models.TransientModel):
    _inherit = "construction.project.start.task"

    crew_id = fields.Many2one(
        "construction.crew",
        ondelete="set null",
        domain="[('company_id', '=', parent.company_id)]",
        help="Proposed by the trade of the labour, else the usual crew of the stage.",
    )
