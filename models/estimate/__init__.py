from . import product_template
from . import product_product
from . import construction_recipe
from . import construction_recipe_line
from . import construction_evaluation
from . import construction_evaluation_steps
from . import construction_evaluation_line
from . import crm_lead
