from . import construction_evaluation_solve
from . import construction_cost_update
from . import construction_import
from . import construction_export
from . import construction_visit_missed
from . import construction_import_gaeb
from . import construction_export_gaeb
