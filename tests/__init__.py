from .pipeline import test_construction_deal
from .delivery import test_project_start
from .delivery import test_project_template
from .delivery import test_delivery_access
from .delivery import test_project_start_performance
from .contract import test_contract, test_contract_money, test_contract_roles
from .contract import test_line_refusals, test_line_tours
