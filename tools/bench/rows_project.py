"""Starting a project from a deal, against stock's own copying of the same template."""

from odoo import Command

from . import data
from .copies import multiply
from .harness import Bench, go, is_ok
from .registry import row
from .screens import view_spec

STAGES = 5
CHAIN = 1000
QUERIES = 70


def make_template(env, count, chain=10):
    """A project template of that many tasks in chains of `chain`, and a milestone for each stage.

    Stock cannot copy a chain of about 100 tasks: it recurses.
    """
    stages = make_stages(env)
    template = env["project.project"].create(
        {
            "name": f"Template of {count}",
            "is_template": True,
            "allow_milestones": True,
            "allow_task_dependencies": True,
            "type_ids": [Command.create({"name": name}) for name in ("To Do", "Done")],
            "milestone_ids": [Command.create({"name": stage.name}) for stage in stages],
        }
    )
    milestones = template.milestone_ids
    tasks = env["project.task"].create(
        [
            {
                "name": f"Task {number}",
                "project_id": template.id,
                "milestone_id": milestones[number % STAGES].id,
                "allocated_hours": 4,
                "description": f"<p>What to do in {number}</p>",
            }
            for number in range(count)
        ]
    )
    env.flush_all()
    waiting = [(task.id, before.id) for n, (task, before) in enumerate(zip(tasks[1:], tasks), start=1) if n % chain]
    # SQL: the states of a long chain are computed by recursion.
    for pair in waiting:
        env.cr.execute("INSERT INTO task_dependencies_rel (task_id, depends_on_id) VALUES (%s, %s)", pair)
        env.cr.execute("UPDATE project_task SET state = '04_waiting_normal' WHERE id = %s", pair[:1])
    env.invalidate_all()
    return template


def make_stages(env):
    """The stages of works, made once."""
    stages = env["project.project.stage"].search([("name", "=like", "Bench stage %")])
    return stages or env["project.project.stage"].create(
        [{"name": f"Bench stage {number}", "sequence": number} for number in range(STAGES)]
    )


def make_won_deal(env, template, chapters):
    """A construction deal with a confirmed order of that many chapters and a type with this template."""
    kind = env["construction.type"].create(
        {
            "name": f"Bench {template.name}",
            "project_template_id": template.id,
            "stage_ids": [Command.set(make_stages(env).ids)],
        }
    )
    deal = data.make_deal(env, f"{template.name} and {chapters} chapters", construction_type_id=kind.id)
    sheet = data.make_sheet(env, chapters, deal=deal)
    sheet.action_generate_quote()
    sheet.order_ids.action_confirm()
    return deal


@row("project_start", gate=0.40, want=0.30)
def project_start(bench):
    """Start of a project of 100 template tasks in chains of ten and one chapter / stock's copy of the template."""
    count = bench.size(100, quick=100)
    template = bench.kept(f"template_{count}", lambda env: make_template(env, count))
    deal = bench.kept(f"won_{count}", lambda env: make_won_deal(env, template, 1))
    facts = bench.compare(starting(deal), copying(template), budget=QUERIES + count + 1)
    return facts | {"chain_of_1000": chain_works(bench)}


@row("project_start_chapters", gate=0.40, want=0.30)
def project_start_chapters(bench):
    """Start of a project with a task for each of 100 chapters / stock's copy of a template of 100 tasks; and of 300."""
    count = bench.size(100, quick=100)
    template = bench.kept(f"template_{count}", lambda env: make_template(env, count))
    empty = bench.kept("template_0", lambda env: make_template(env, 0))
    deal = bench.kept(f"chapters_{count}", lambda env: make_won_deal(env, empty, count))
    facts = bench.compare(starting(deal), copying(template), budget=QUERIES + count)
    count *= 3
    template = bench.kept(f"template_{count}", lambda env: make_template(env, count))
    deal = bench.kept(f"chapters_{count}", lambda env: make_won_deal(env, empty, count))
    # three rounds: each takes long
    large = Bench(bench.env, quick=True).compare(starting(deal), copying(template), budget=QUERIES + count)
    return facts | {"large": {"chapters": count, **large}, "broken": not is_ok(0.40, large)}


@row("project_overview", gate=1.60, want=1.20)
def project_overview(bench):
    """The list of 2,000 construction projects with stages and contracts / stock's list of the same projects."""
    count = bench.size(2000, quick=500)
    bench.kept(f"projects_{count}", lambda env: make_projects(env, count))
    return bench.compare(
        listing("construction_crm.project_project_view_list"),
        listing("project.view_project"),
        budget=lambda queries: queries + 8,
    )


def make_projects(env, count):
    """That many running projects with their deal, contract, plan and stages; the first one."""
    deal = make_won_deal(env, make_template(env, 0), 3)
    deal.order_ids.action_create_contract()
    contract = deal.contract_ids
    contract.action_sign()
    project = deal._start_project()
    env.flush_all()
    rows = {
        "crm_lead": deal.ids,
        "construction_contract": contract.ids,
        "construction_instalment": contract.instalment_ids.ids,
        "mail_alias": project.alias_id.ids,
        "project_project": project.ids,
        "project_milestone": project.milestone_ids.ids,
    }
    own = {
        ("construction_contract", "name"): "t.name || '/' || n",
        ("project_project", "code"): "t.code || '/' || n",
    }
    multiply(env, rows, count, own)
    return project


def listing(view):
    """The side that opens the list, as the web client asks for it."""

    def side(env):
        projects = env["project.project"]
        spec = view_spec(projects, "list", view)
        env.invalidate_all()
        yield "list"
        projects.web_search_read([("construction_type_id", "!=", False), ("is_template", "=", False)], spec, limit=80)

    return side


def starting(deal):
    """The side that answers the wizard as it stands."""

    def ours(env):
        lead = deal.with_env(env)
        yield "start"
        wizard = env["construction.project.start"].browse(lead.action_start_project()["res_id"])
        wizard.action_start()

    return ours


def copying(template):
    """Stock's side."""

    def stock(env):
        source = template.with_env(env)
        yield "start"
        source.action_create_from_template({"name": "Stock"})

    return stock


def chain_works(bench):
    """Whether a template with a long chain of dependencies can be started at all; its seconds and queries."""
    count = bench.size(CHAIN, quick=200)
    template = bench.kept(f"chain_{count}", lambda env: make_template(env, count, chain=count))
    deal = bench.kept(f"won_chain_{count}", lambda env: make_won_deal(env, template, 1))
    reading = go(bench.env, starting(deal))
    return {"tasks": count, "seconds": round(reading.total(), 2), "queries": sum(reading.queries.values())}
