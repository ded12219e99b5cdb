from .pipeline import test_construction_deal
from .estimate import test_recipe
from .estimate import test_evaluation_price
from .estimate import test_evaluation_steps
from .estimate import test_evaluation_access
from .estimate import test_evaluation_speed
