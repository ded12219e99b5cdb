from . import deal_template
