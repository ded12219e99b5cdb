"""Two people at the same stage of works."""

from . import worlds
from .race import run

# The functions below that the test runs.
RACES = ("reach_stage", "ask_for_approval", "add_usual_stages")


def stage(env):
    """The first stage of a project that runs, which the manager approves."""
    project = worlds.sold(env).opportunity_id._start_project()
    project.user_id = env.ref("base.user_admin")
    found = project.milestone_ids.filtered("project_stage_id")[0]
    found.project_stage_id.needs_approval = True
    return found


def reach_stage(env):
    """One note that the stage is reached, by whoever was first."""

    def count(milestone):
        notes = milestone.project_id.message_ids.filtered(lambda note: f"Stage {milestone.name} reached" in note.body)
        return len(notes) if milestone.is_reached else -1

    return run(env, stage, lambda milestone, _index: milestone.action_reach(), count)


def ask_for_approval(env):
    """One question to the manager, though two foremen ask."""

    def count(milestone):
        summary = f"Approve the stage {milestone.name}"
        return len(milestone.project_id.activity_ids.filtered(lambda activity: activity.summary == summary))

    return run(env, stage, lambda milestone, _index: milestone.action_ask_approval(), count)


def add_usual_stages(env):
    """Six stages, though two consultants add them to the same type."""

    def prepare(env):
        env["project.project.stage"].search([("usual_key", "!=", False)]).usual_key = False
        return env["construction.type"].create({"name": "Raced"})

    def count(kind):
        usual = env["project.project.stage"].search_count([("usual_key", "!=", False)])
        return 1 if usual == len(kind.stage_ids) == 6 else -1

    return run(env, prepare, lambda kind, _index: kind.action_add_usual_stages(), count)
