"""Two people at the same work order, or at the same list of materials."""

from . import worlds
from .race import run

# The functions below that the test runs.
RACES = ("make_work_order", "issue_work_order", "list_materials", "order_materials")


def started(env):
    """A project of the sold order, with what it takes."""
    return worlds.sold(env).opportunity_id._start_project()


def make_work_order(env):
    """One work order of one dialog, though its button is pressed twice."""

    def prepare(env):
        return env["construction.work.order.make"].create({"project_id": started(env).id})

    def count(wizard):
        return env["construction.work.order"].search_count([("project_id", "=", wizard.project_id.id)])

    return run(env, prepare, lambda wizard, _index: wizard.action_make(), count)


def issue_work_order(env):
    """One request to the foreman, though two managers issue the order."""

    def prepare(env):
        wizard = env["construction.work.order.make"].create({"project_id": started(env).id, "user_id": env.uid})
        return env["construction.work.order"].browse(wizard.action_make()["res_id"])

    def count(order):
        return len(order.activity_ids) if order.state == "issued" else -1

    return run(env, prepare, lambda order, _index: order.action_issue(), count)


def list_materials(env):
    """One row a material, though two people open the list for the first time."""

    def prepare(env):
        project = started(env)
        materials(project).unlink()
        return project

    def count(project):
        rows = materials(project)
        return len(rows) / (len(set(rows.mapped("product_id.id"))) or 1)

    return run(env, prepare, lambda project, _index: project.env["construction.material"]._refresh(project), count)


def order_materials(env):
    """One order of what is missing, though two people order it at once."""

    def act(project, _index):
        dialog = materials(project).action_order()
        project.env["construction.material.order"].browse(dialog["res_id"]).action_mark_ordered()

    def count(project):
        return max(len(row.request_ids) for row in materials(project))

    return run(env, started, act, count)


def materials(project):
    return project.env["construction.material"].search([("project_id", "=", project.id)])
