from . import construction_evaluation_solve
from . import construction_cost_update
from . import construction_import
from . import construction_visit_missed
