from . import construction_chapter_quantity
from . import construction_quote_regenerate
