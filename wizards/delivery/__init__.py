from . import construction_project_start
from . import construction_plan_what_if
from . import construction_site_reason
from . import construction_diary_print
from . import construction_plan_what_if_move
from . import construction_stage_reach
