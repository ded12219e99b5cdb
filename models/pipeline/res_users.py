from odoo import api, models
from odoo.exceptions import UserError


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_named(self):
        """Say which of our records name a user: the database would refuse in words of its own."""
        for model_name, field_name in self._get_naming_fields():
            # reason of sudo: a record counts, whoever may read it
            records = self.env[model_name].sudo().with_context(active_test=False)
            for user, count in records._read_group([(field_name, "in", self.ids)], [field_name], ["__count"]):
                raise UserError(
                    self.env._(
                        "%(user)s cannot be deleted: records of “%(kind)s” name this person (%(count)s of them). "
                        "Archive the user instead.",
                        user=user.name,
                        count=count,
                        kind=self.env["ir.model"]._get(model_name).name,
                    )
                )

    @api.model
    def _get_naming_fields(self):
        """Our fields that keep a user from being deleted, as pairs of the names of model and field."""
        return [
            (model._name, field.name)
            for model in self.env.registry.models.values()
            if model._auto and not model._transient and model._name.startswith("construction.")
            for field in model._fields.values()
            if field.type == "many2one" and field.store and field.comodel_name == "res.users"
            if field.ondelete == "restrict"
        ]
