from . import construction_collect
from . import construction_retention_release
from . import construction_contract_make
from . import sale_advance_payment_inv
from . import construction_deliver
from . import construction_plan_make
from . import construction_plan_what_if
