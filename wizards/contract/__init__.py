from . import construction_collect
from . import construction_contract_cancel
from . import construction_contract_make
from . import sale_advance_payment_inv
