from .pipeline import test_construction_deal
from .estimate import test_evaluation_access
from .estimate import test_evaluation_price
from .estimate import test_evaluation_speed
from .estimate import test_evaluation_steps
from .estimate import test_recipe
from .quote import test_generate
from .quote import test_presentation
from .quote import test_quote_equal
from .quote import test_revision
from .quote import test_secret_costs
from .quote import test_sent
from .quote import test_won
from .contract import test_contract
from .contract import test_contract_money
from .contract import test_contract_roles
from .contract import test_contract, test_contract_money, test_contract_roles
from .contract import test_line_refusals, test_line_tours
from .delivery import test_project_start
from .delivery import test_project_template
from .delivery import test_delivery_access
from .delivery import test_project_start
from .delivery import test_project_start_performance
from .contract import test_contract, test_contract_money, test_contract_roles, test_contract_screens
from .delivery import test_project_template
from .contract import test_contract, test_contract_money, test_contract_roles, test_contract_screens
