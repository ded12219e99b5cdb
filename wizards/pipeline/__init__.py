from . import construction_reason
from . import construction_lead_activate
from . import construction_step_next
from . import construction_step_reschedule
from . import construction_step_override
from . import crm_lead_to_opportunity
from . import crm_lead_lost
from . import construction_bond_act
