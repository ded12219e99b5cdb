from . import construction_project_start
