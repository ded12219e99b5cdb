from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import format_date

from ...core.delivery import capacity as core
from .crew_load import CrewLoad
from .crew_work import get_today

# Whoever plans works or promises them sees how much the crews have to do: as hours, whoever the deals belong to.
LOAD_GROUPS = "project.group_project_user,sales_team.group_sale_salesman"
BOARD_WEEKS = 12
KINDS = {"task": "project.task", "undated": "project.task", "order": "sale.order", "quote": "sale.order"}


class ConstructionCrew(models.Model):
    """The load of crews as it is shown."""

    _inherit = "construction.crew"

    # ------------------------------------------------------------
    # ACTION
    # ------------------------------------------------------------

    @api.model
    @api.readonly
    def get_load_board(self, first=0, weeks=BOARD_WEEKS, hours=0):
        """Return the load of the crews of the user's companies, as the board draws it.

        :param int first: how many weeks from this one the board begins
        :param int weeks: how many it shows
        :param float hours: the job each crew's first week with room is looked for, in hours of work
        :raises AccessError: for users who neither plan works nor sell them
        """
        load = self._get_load()
        first = min(max(int(first), 0), len(load.weeks) - 1)
        shown = range(first, min(first + max(int(weeks), 1), len(load.weeks)))
        homeless = {trade: value for trade, value in load.homeless.items() if value > core.EPSILON}
        trades = self.env["construction.trade"].browse(trade for trade in homeless if trade)
        names = {trade.id: trade.name for trade in trades}
        return {
            "weeks": self._get_board_weeks([load.weeks[number] for number in shown]),
            "crews": [
                {
                    **self._get_board_crew(load, crew, shown),
                    "room": self._get_room_name(load, crew, float(hours or 0)),
                }
                for crew in load.crews
            ],
            "homeless": [
                {"trade": names.get(trade, self.env._("No trade")), "hours": value} for trade, value in homeless.items()
            ],
            "companies": len(self.env.companies),
        }

    def action_open_load(self, kind, first, weeks=1):
        """Open the tasks, orders or quotes behind a bar of this crew: those the user may read.

        :param str kind: ``task``, ``undated``, ``order`` (sold, not started) or ``quote``
        :param int first: how many weeks from this one the bar is
        :return: an action; a notice where the user may see none of them
        """
        self.ensure_one()
        load = self._get_load()
        numbers = range(first, first + weeks)
        ids = {
            record_id
            for crew_id, part_kind, record_id, by_week in load.parts
            if crew_id == self.id and part_kind == kind and (kind == "undated" or any(n in by_week for n in numbers))
        }
        model = self.env[KINDS[kind]]
        records = model.search([("id", "in", list(ids))]) if model.has_access("read") else model
        if not records:
            return self._get_hidden_notice(len(ids))
        return self._get_records_action_of(kind, records, load.weeks[min(first, len(load.weeks) - 1)])

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    @api.model
    def _check_may_see_load(self):
        if not self.env.su and not self.env.user.has_groups(LOAD_GROUPS):
            raise AccessError(
                self.env._("The load of the crews is for those who plan works or sell them. Ask a project manager.")
            )

    @api.model
    def _get_load(self, companies=None, **options):
        """Return the :class:`CrewLoad` of the user's companies, or of those given.

        :raises AccessError: for users who neither plan works nor sell them
        """
        self._check_may_see_load()
        return CrewLoad(self.env, companies or self.env.companies, **options)

    @api.model
    def _get_board_weeks(self, weeks):
        return [
            {
                "date": str(week),
                "name": self._get_week_name(week),
                "day": format_date(self.env, week, date_format="d MMM"),
            }
            for week in weeks
        ]

    @api.model
    def _get_week_name(self, week):
        """Return how people call a week: its ISO number, with the year where it is not this one."""
        year, number, _day = week.isocalendar()
        if year == core.week_of(get_today(self.env)).isocalendar().year:
            return self.env._("Week %s", number)
        return self.env._("Week %(number)s of %(year)s", number=number, year=year)

    def _get_board_crew(self, load, crew, shown, extra=None):
        """Return one row of bars.

        :param extra: hours by week planned besides, drawn as this job
        """
        extra = extra or {}
        return {
            "id": crew.id,
            "name": crew.name,
            "size": crew.size,
            "trades": ", ".join(crew.trade_ids.mapped("name")),
            "archived": not crew.active,
            "company": crew.company_id.name,
            "undated": load.undated.get(crew.id, 0.0),
            "weeks": [self._get_board_cell(load, crew.id, number, extra.get(number, 0.0)) for number in shown],
        }

    def _get_board_cell(self, load, crew_id, number, extra):
        capacity, firm = load.capacity[crew_id][number], load.firm[crew_id][number]
        sold, quotes = load.sold[crew_id][number], load.tentative[crew_id][number]
        return {
            "number": number,
            "capacity": capacity,
            "tasks": firm - sold,
            "sold": sold,
            "quotes": quotes,
            "extra": extra,
            "percent": core.percent(firm + extra, capacity),
            "percent_all": core.percent(firm + extra + quotes, capacity),
            "over": firm + extra > capacity + core.EPSILON,
        }

    def _get_room_name(self, load, crew, hours):
        if not hours or not crew.active:
            return False
        _crew, week = load.find_room(crew, hours, load.today)
        return self._get_week_name(week) if week else self.env._("None in a year")

    def _get_hidden_notice(self, count):
        if count:
            message = self.env._(
                "These hours come from %(count)s records you may not open. You see the hours only.", count=count
            )
        else:
            message = self.env._("There is nothing behind this bar any more. Reload the page.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"message": message, "type": "info"},
        }

    def _get_records_action_of(self, kind, records, week):
        names = {"crew": self.name, "week": self._get_week_name(week)}
        title = {
            "task": self.env._("%(crew)s, tasks of %(week)s", **names),
            "undated": self.env._("%s, tasks without dates", self.name),
            "order": self.env._("%(crew)s, sold and not started, %(week)s", **names),
            "quote": self.env._("%(crew)s, open quotes, %(week)s", **names),
        }[kind]
        action = {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": records._name,
            "domain": [("id", "in", records.ids)],
            "views": [(False, "list"), (False, "form")],
            "context": {"create": False},
        }
        if records._name == "project.task":
            view = self.env.ref("construction_crm.project_task_view_list_crews")
            action["views"] = [(view.id, "list"), (False, "kanban"), (False, "form")]
        return action
