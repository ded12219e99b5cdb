from odoo import models


class MailTemplate(models.Model):
    _inherit = "mail.template"

    def _generate_template(
        self, res_ids, render_fields, recipients_allow_suggested=False, find_or_create_partners=False
    ):
        # The composer, a mail sent by a server action and a scheduled one all meet here.
        if self.model == "sale.order":
            self.env["sale.order"].browse(res_ids)._check_approved()
        return super()._generate_template(
            res_ids,
            render_fields,
            recipients_allow_suggested=recipients_allow_suggested,
            find_or_create_partners=find_or_create_partners,
        )
