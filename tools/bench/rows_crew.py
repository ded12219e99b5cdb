"""The load of crews: who has how much to do in which week, and who has room first."""

import statistics
from datetime import datetime, time, timedelta

from odoo import fields

from .copies import multiply
from .harness import go
from .registry import row

# Gate and wish are seconds here: stock has no load of crews to compare with.
GATE, WANT = 1.0, 0.5
CREWS = 50
TASKS = 400  # of each crew
JOB = 40  # hours of the job room is looked for
# What the load asks at any size: crews and their trades, calendars and leaves, tasks, quotes.
QUERIES = 30


@row("crew_load", gate=GATE, want=WANT)
def crew_load(bench):
    """Seconds for the load of 50 crews with 20,000 tasks and the first week with room of each; queries of it."""
    from odoo.addons.construction_crm.models.delivery.crew_load import CrewLoad

    crews = bench.size(CREWS, quick=20)
    firms = {
        TASKS * count: bench.kept(f"crews_of_{count}", lambda env, count=count: make_crews(env, count))
        for count in (crews // 10, crews)
    }

    def of(tasks):
        def side(env):
            company = firms[tasks].with_env(env)
            env.invalidate_all()
            yield "load"
            load = CrewLoad(env, company)
            for crew in load.crews:
                load.find_room(crew, JOB, load.today)

        return side

    tasks = TASKS * crews
    go(bench.env, of(tasks))
    readings = [go(bench.env, of(tasks)) for _round in range(bench.rounds)]
    facts = {
        "ratio": round(statistics.median(reading.total() for reading in readings), 3),
        "unit": "seconds",
        "tasks": tasks,
        "queries": sum(readings[-1].queries.values()),
        "budget": QUERIES,
    }
    return facts | bench.growth(of, tasks // 10)


def make_crews(env, count):
    """A company with that many crews, each with a project of `TASKS` open tasks in five stages."""
    company = env["res.company"].create({"name": f"Bench firm of {count} crews"})
    # whoever makes a company works in it from then on: the other rows go on in their own
    env.user.company_ids -= company
    env = env(su=True, context={**env.context, "allowed_company_ids": [company.id]})
    today = fields.Date.today()
    crew = env["construction.crew"].create({"name": "Crew", "size": 4, "company_id": company.id})
    project = env["project.project"].create(
        {"name": "Works", "company_id": company.id, "allow_milestones": True, "privacy_visibility": "employees"}
    )
    stages = env["project.milestone"].create(
        [
            {
                "name": f"Stage {number}",
                "project_id": project.id,
                "date_start": today + timedelta(weeks=8 * number),
                "deadline": today + timedelta(weeks=8 * number + 8),
            }
            for number in range(5)
        ]
    )
    tasks = env["project.task"].create([task_values(project, crew, stages, number) for number in range(TASKS)])
    rows = {
        "construction_crew": crew.ids,
        "mail_alias": project.alias_id.ids,
        "project_project": project.ids,
        "project_milestone": stages.ids,
        "project_task": tasks.ids,
    }
    # the first one is there
    multiply(env, rows, count - 1)
    return company


def task_values(project, crew, stages, number):
    """Values of the task of that number: every third has dates of its own, the others those of their stage."""
    stage = stages[number % len(stages)]
    values = {
        "name": f"Task {number}",
        "project_id": project.id,
        "crew_id": crew.id,
        "milestone_id": stage.id,
        "allocated_hours": 2 + number % 7,
        "user_ids": [],
    }
    if number % 3 == 0:
        start = stage.date_start + timedelta(days=number % 40)
        values["date_work_start"] = start
        values["date_deadline"] = datetime.combine(start + timedelta(days=number % 20), time(15))
    return values
