from . import construction_project_start
from . import construction_project_start_line
from . import construction_plan_what_if
from . import construction_plan_what_if_move
from . import construction_stage_reach
from . import construction_project_start_crews
from . import construction_plan_what_if
from . import construction_capacity_check
