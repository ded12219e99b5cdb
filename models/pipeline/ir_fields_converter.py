from odoo import api, models

# Context of an import of deals: what was found for a name in another row, with its warnings, is not searched again.
IMPORT_NAMES = "construction_import_names"


class IrFieldsConverter(models.AbstractModel):
    _inherit = "ir.fields.converter"

    @api.model
    def db_id_for(self, model, field, subfield, value, savepoint):
        """While deals are imported, look each type, source or salesperson up once, not once a row."""
        names = self.env.context.get(IMPORT_NAMES)
        if names is None or subfield == "id":
            return super().db_id_for(model, field, subfield, value, savepoint)
        key = (field.comodel_name, field.name, subfield, value)
        if key not in names:
            found, warnings = super().db_id_for(model, field, subfield, value, savepoint)
            if not found:
                return found, warnings
            names[key] = found, warnings
        return names[key]

    @api.model
    def _str_to_selection(self, model, field, value, savepoint):
        """While deals are imported, find each choice by its label once, not once a row."""
        names = self.env.context.get(IMPORT_NAMES)
        if names is None:
            return super()._str_to_selection(model, field, value, savepoint)
        key = (model._name, field.name, "choice", value)
        if key not in names:
            found, warnings = super()._str_to_selection(model, field, value, savepoint)
            if not found:
                return found, warnings
            names[key] = found, warnings
        return names[key]
