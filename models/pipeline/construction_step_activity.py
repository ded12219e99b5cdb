from odoo import models


class ConstructionStep(models.Model):
    """A step stands among the activities of its owner."""

    _inherit = "construction.step"

    def _sync_activities(self):
        """Bring the activities of these steps in line: made, moved, reassigned, done or dropped."""
        # sudo: whoever opens or closes a step need not be allowed to write on the deal, nor its owner
        steps = self.sudo()
        to_make = []
        for step in steps:
            activities = step.activity_ids.filtered("active")
            if step.state == "open":
                if not activities:
                    to_make.append(step._prepare_activity_values())
                    continue
                for activity in activities:
                    changes = {
                        name: value
                        for name, value in (("user_id", step.user_id), ("date_deadline", step.date_deadline))
                        if activity[name] != value
                    }
                    if changes:
                        activity.write({name: getattr(value, "id", value) for name, value in changes.items()})
            elif step.state == "done":
                activities.action_feedback(feedback=step.summary or False)
            else:
                activities.unlink()
        if to_make:
            self.env["mail.activity"].sudo().create(to_make)  # as above

    def _prepare_activity_values(self):
        """Values of the activity of an open step."""
        self.ensure_one()
        kind = self.type_id
        activity_type = kind.activity_type_id or self.env.ref("mail.mail_activity_data_todo", raise_if_not_found=False)
        return {
            "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
            "res_id": self.lead_id.id,
            "activity_type_id": activity_type.id if activity_type else False,
            "summary": kind.name,
            "note": kind.instructions or False,
            "date_deadline": self.date_deadline,
            "user_id": self.user_id.id,
            "automated": True,
            "construction_step_id": self.id,
        }
