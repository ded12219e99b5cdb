from . import construction_type
from . import construction_party
from . import construction_member
from . import construction_contact_record
from . import construction_interaction
from . import crm_lead
from . import crm_lead_contact
from . import res_partner
