from . import construction_project_start
from . import construction_plan_what_if
from . import construction_work_order_make
from . import construction_material_order
