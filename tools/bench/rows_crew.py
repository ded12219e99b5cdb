"""The load of crews: who has how much to do in which week, and who has room first."""

from datetime import datetime, time, timedelta

from odoo import fields

from .copies import multiply
from .registry import row

CREWS = 50
TASKS = 400  # of each crew
JOB = 40  # hours of the job room is looked for
# What the load asks at any size: crews and their trades, calendars and leaves, tasks, quotes.
QUERIES = 30
TASK_FIELDS = ["crew_id", "allocated_hours", "date_work_start", "date_deadline", "milestone_id"]


@row("crew_load", gate=1.00, want=0.60)
def crew_load(bench):
    """Load of 50 crews with 20,000 tasks and their first week with room / stock reading these tasks.

    Stock has no load. What is compared is the least any reckoning in Python would cost: reading crew, hours, dates
    and stage of the tasks.
    """
    from odoo.addons.construction_crm.models.delivery.crew_load import CrewLoad

    crews = bench.size(CREWS, quick=20)
    firms = {
        TASKS * count: bench.kept(f"crews_of_{count}", lambda env, count=count: make_crews(env, count))
        for count in (crews // 10, crews)
    }

    def ours(env, tasks=TASKS * crews):
        company = firms[tasks].with_env(env)
        env.invalidate_all()
        yield "load"
        load = CrewLoad(env, company)
        for crew in load.crews:
            load.find_room(crew, JOB, load.today)

    def stock(env):
        # as superuser, as our side reads them
        env = env(su=True)
        company = firms[TASKS * crews].with_env(env)
        env.invalidate_all()
        yield "load"
        tasks = env["project.task"].search([("crew_id.company_id", "=", company.id), ("is_closed", "=", False)])
        tasks.read(TASK_FIELDS, load=None)

    facts = bench.compare(ours, stock, budget=QUERIES)
    return facts | bench.growth(lambda tasks: lambda env: ours(env, tasks), TASKS * crews // 10)


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
