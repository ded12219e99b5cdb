from odoo import api, fields, models
from odoo.exceptions import UserError


class ConstructionSiteRecord(models.AbstractModel):
    """What diaries, snags and handover acts have in common: steps that only their buttons take, and photos."""

    _name = "construction.site.record"
    _description = "Record of a Construction Site"

    # Set by steps only, with what they are on a new record.
    _step_defaults = {}

    is_manager = fields.Boolean(compute="_compute_is_manager", export_string_translation=False)

    # === COMPUTE === #

    @api.depends_context("uid")
    @api.depends("project_id.user_id")
    def _compute_is_manager(self):
        for record in self:
            record.is_manager = bool(record.project_id) and record.project_id._is_manager()

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                self._check_step_values(vals)
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._check_step_write(vals)
        return super().write(vals)

    # === BUSINESS === #

    @api.model
    def _get_last_project(self):
        """The project this user wrote about last, or the only one there is: most people stay on one site for long."""
        for model in (self, self.env["construction.diary"]):
            last = model.search([("create_uid", "=", self.env.uid)], order="id desc", limit=1)
            if last:
                return last.project_id
        projects = self.env["project.project"].search([("lead_id", "!=", False), ("is_template", "=", False)], limit=2)
        return projects if len(projects) == 1 else projects.browse()

    def _check_step_values(self, vals):
        """Refuse a new record that pretends to have taken its steps already."""
        for name, default in self._step_defaults.items():
            if name in vals and (vals[name] or False) != default:
                raise UserError(self._get_step_message())

    def _check_step_write(self, vals):
        """Refuse by hand what only steps set, whoever writes it."""
        names = [name for name in self._step_defaults if name in vals]
        if not names:
            return
        # who may not write at all is told that, and nothing of the record
        self.check_access("write")
        for record in self:
            for name in names:
                field = record._fields[name]
                new = field.convert_to_write(field.convert_to_cache(vals[name], record), record)
                if new != field.convert_to_write(record[name], record):
                    raise UserError(self._get_step_message())

    def _get_step_message(self):
        return self.env._("This is set by the buttons of the form only. Use them to take the next step.")

    def _write_step(self, vals):
        """Write what only the steps may set."""
        self.check_access("write")
        # reason of sudo: nobody else passes the guard of write()
        return self.sudo().write(vals)

    def _adopt_files(self, name):
        """Make uploaded files those of their record, so that whoever reads the one sees the other.

        :param str name: the field with the files
        :raises AccessError: a file is not the user's to show
        """
        for record in self:
            files = record[name]
            if not files:
                continue
            files.check_access("read")
            # reason of sudo: files uploaded into a new form belong to nothing yet
            strays = files.sudo().filtered(lambda file: not file.res_id and file.create_uid == self.env.user)
            strays.write({"res_model": record._name, "res_id": record.id})
