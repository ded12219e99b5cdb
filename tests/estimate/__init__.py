from . import test_check_list
from . import test_recipe
from . import test_evaluation_price
from . import test_evaluation_steps
from . import test_evaluation_access
from . import test_evaluation_speed
from . import test_recipe_versions
from . import test_sheet_template
