from . import construction_chapter_quantity
from . import construction_quote_compare
from . import construction_quote_decision
from . import construction_quote_regenerate
from . import construction_quote_revise
from . import construction_quote_variant
from . import mail_compose_message
