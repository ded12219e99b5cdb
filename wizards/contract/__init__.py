from . import construction_collect
from . import sale_advance_payment_inv
