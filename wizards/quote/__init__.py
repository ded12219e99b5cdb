from . import construction_chapter_choice
from . import construction_chapter_quantity
from . import construction_evaluation_solve
from . import construction_quote_regenerate
from . import construction_export
from . import construction_export_gaeb
