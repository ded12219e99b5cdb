from . import construction_project_start
from . import construction_plan_what_if
from . import construction_progress_return
