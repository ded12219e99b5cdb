from odoo import api, models
from odoo.exceptions import ValidationError


class AnalyticMixin(models.AbstractModel):
    """Bills, purchases, expenses: naming the chapter is enough, its project is added."""

    _inherit = "analytic.mixin"

    @api.model_create_multi
    def create(self, vals_list):
        self.env["construction.position"]._complete_distributions(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        if vals.get("analytic_distribution"):
            vals = dict(vals)
            self.env["construction.position"]._complete_distributions([vals])
        return super().write(vals)


class AccountAnalyticLine(models.Model):
    """What is booked on a chapter is booked on its project, and hours on the task of a chapter are the chapter's."""

    _inherit = "account.analytic.line"

    @api.model_create_multi
    def create(self, vals_list):
        column = self.env["construction.position"]._get_chapter_column()
        if not column:
            return super().create(vals_list)
        vals_list = [dict(vals) for vals in vals_list]
        self._fill_projects(vals_list, column)
        lines = super().create(vals_list)
        lines._fill_chapters(column)
        lines._check_chapters(column)
        return lines

    def write(self, vals):
        result = super().write(vals)
        column = self.env["construction.position"]._get_chapter_column()
        if column and (column in vals or "account_id" in vals):
            self._check_chapters(column)
        return result

    # === BUSINESS === #

    @api.model
    def _find_positions_of(self, account_ids):
        """Give the chapters with these analytic accounts: a dict of account id → position, for the system."""
        # reason of sudo: whoever books may not read the works
        positions = self.env["construction.position"].sudo().search([("analytic_account_id", "in", list(account_ids))])
        return {position.analytic_account_id.id: position for position in positions}

    @api.model
    def _fill_projects(self, vals_list, column):
        """Add the project to what names a chapter only."""
        bare = [vals for vals in vals_list if vals.get(column) and not vals.get("account_id")]
        positions = self._find_positions_of({vals[column] for vals in bare}) if bare else {}
        for vals in bare:
            position = positions.get(vals[column])
            if position and position.project_id.account_id:
                vals["account_id"] = position.project_id.account_id.id

    def _fill_chapters(self, column):
        """Hours on the task of a chapter are hours of the chapter (the task is there with Timesheets only)."""
        if "task_id" not in self._fields:
            return
        # reason of sudo: chapters are lines of orders, which whoever works does not read
        lines = self.sudo().filtered(lambda line: line.task_id.chapter_line_id and not line[column])
        if not lines:
            return
        roots = {line: line.task_id.chapter_line_id._get_root_chapter() for line in lines}
        positions = self.env["construction.position"].sudo()  # reason of sudo: as above
        found = positions.search([("chapter_line_id", "in", [root.id for root in roots.values()])])
        accounts = {position.chapter_line_id: position.analytic_account_id for position in found}
        by_account = lines.grouped(lambda line: accounts.get(roots[line], positions.analytic_account_id))
        for account, same in by_account.items():
            if account:
                same.write({column: account.id})

    def _check_chapters(self, column):
        """Refuse a chapter of another project, and add the project where it is missing."""
        lines = self.sudo().filtered(column)  # reason of sudo: as in `_fill_chapters`
        positions = self._find_positions_of(lines[column].ids) if lines else {}
        for line in lines:
            position = positions.get(line[column].id)
            account = position.project_id.account_id if position else None
            if not account or line.account_id == account:
                continue
            if not line.account_id:
                line.account_id = account
                continue
            raise ValidationError(
                self.env._(
                    "“%(line)s”: the chapter %(chapter)s belongs to %(own)s, not to %(other)s. Choose a chapter of the "
                    "same project, or leave the project to be filled in by itself.",
                    line=line.name,
                    chapter=line[column].name,
                    own=account.display_name,
                    other=line.account_id.display_name,
                )
            )
