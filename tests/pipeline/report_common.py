from .test_contact_records import ContactCommon

REPORTS = ("construction.funnel", "construction.win.rate", "construction.productivity")


class ReportCommon(ContactCommon):
    """A pipeline of three stages; deals of two salespeople of one kind of works."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stages = cls.env["crm.stage"]
        cls.first = stages.create({"name": "First", "sequence": -30})
        cls.second = stages.create({"name": "Second", "sequence": -20})
        cls.third = stages.create({"name": "Third", "sequence": -10})
        cls.won = cls.env["crm.stage"].search([("is_won", "=", True)], limit=1)
        cls.reason = cls.env["crm.lost.reason"].create({"name": "Price too high"})
        (cls.deal | cls.other_deal).write({"stage_id": cls.first.id, "expected_revenue": 1000.0})
        cls.flush_tracking(cls)

    def flush_tracking(self):
        self.env.flush_all()
        self.env.cr.precommit.run()

    def _move(self, deal, *stages):
        for stage in stages:
            deal.stage_id = stage
            self.flush_tracking()

    def _rows(self, model, user=None, **domain):
        self.env.flush_all()
        self.env.invalidate_all()
        return (
            self.env[model]
            .with_user(user or self.boss)
            .search(
                [("construction_type_id", "=", self.type.id), *[(key, "=", value) for key, value in domain.items()]]
            )
        )

    def _age(self, deal, days):
        """Let the deal and what happened to it so far be older."""
        self.flush_tracking()
        for query in (
            "UPDATE crm_lead SET create_date = create_date - %s * interval '1 day' WHERE id = %s",
            """UPDATE mail_tracking_value SET create_date = create_date - %s * interval '1 day'
                WHERE mail_message_id IN (SELECT id FROM mail_message WHERE model = 'crm.lead' AND res_id = %s)""",
        ):
            self.env.cr.execute(query, [days, deal.id])
        self.env.invalidate_all()
