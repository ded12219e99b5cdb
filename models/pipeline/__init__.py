from . import construction_type
from . import construction_party
from . import construction_member
from . import crm_lead
