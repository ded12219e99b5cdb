from . import test_project_start
from . import test_project_template
from . import test_delivery_access
from . import test_project_start_performance
