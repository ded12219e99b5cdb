from . import test_generate
from . import test_quote_equal
from . import test_sent
from . import test_revision
from . import test_won
from . import test_presentation
from . import test_secret_costs
from . import test_recipe_nesting
