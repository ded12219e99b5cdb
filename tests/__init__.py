from .pipeline import test_construction_deal
from .contract import test_contract, test_contract_money, test_contract_roles, test_contract_screens
