from .pipeline import test_construction_deal
