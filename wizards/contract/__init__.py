from . import construction_collect
from . import construction_contract_cancel
from . import construction_contract_make
from . import construction_retention_release
from . import sale_advance_payment_inv
from . import construction_remind
from . import construction_said
from . import construction_statement
