import io

from openpyxl import Workbook

from odoo.tests import new_test_user

from odoo.addons.base.tests.common import BaseCommon

from ..core.register_server import RegisterServer, anaf_answer, vies_answer

NUMBER = "RO14399840"


class IntakeCommon(BaseCommon):
    """Two salespeople who bring deals in, two types of works, and registers on this very machine."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ana = new_test_user(cls.env, "intake_ana", "sales_team.group_sale_salesman", name="Ana Pop")
        cls.bob = new_test_user(cls.env, "intake_bob", "sales_team.group_sale_salesman", name="Bob Stan")
        cls.boss = new_test_user(cls.env, "intake_boss", "sales_team.group_sale_manager", name="Boss")
        cls.roof, cls.bath = cls.env["construction.type"].create([{"name": "Green roof"}, {"name": "Bathroom"}])
        cls.source = cls.env["utm.source"].create({"name": "Trade fair"})
        cls.romania = cls.env.ref("base.ro")
        cls.leads = cls.env["crm.lead"].with_user(cls.ana).with_context(
            construction_deals=True, default_type="opportunity"
        )

    @classmethod
    def _start_registers(cls):
        cls.server = RegisterServer()
        cls.addClassCleanup(cls.server.stop)
        parameters = cls.env["ir.config_parameter"]
        parameters.set_param("construction_crm.register_vies_url", cls.server.url + "/vies")
        parameters.set_param("construction_crm.register_anaf_url", cls.server.url + "/anaf")

    def _answer(self, vies=None, anaf=None):
        """What the registers answer from now on: (status, bytes)."""
        self.server.requests.clear()
        self.server.answers["/vies"] = vies or (200, vies_answer())
        self.server.answers["/anaf"] = anaf or (200, anaf_answer())

    def _deal(self, user=None, **values):
        values = {"name": "Deal", "construction_type_id": self.roof.id, "type": "opportunity", **values}
        return self.env["crm.lead"].create({"user_id": (user or self.ana).id, **values})

    def _load(self, columns, *rows, user=None, **context):
        """Import rows as the import screen of Deals does."""
        leads = self.leads.with_user(user or self.ana).with_context(
            import_file=True, tracking_disable=True, **context
        )
        result = leads.load(list(columns), [list(row) for row in rows])
        self.env.invalidate_all()
        return result

    def _import_file(self, content, user=None, dryrun=False, lang="en_US"):
        """A spreadsheet through the importer, with the columns it finds by itself."""
        importer = self.env["base_import.import"].with_user(user or self.ana).with_context(
            construction_deals=True, default_type="opportunity", tracking_disable=True, lang=lang
        )
        importer = importer.create(
            {
                "res_model": "crm.lead",
                "file": content,
                "file_type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                "file_name": "deals.xlsx",
            }
        )
        options = {"has_headers": True, "keep_matches": False, "limit": 2000, "skip": 0, "tracking_disable": True}
        preview = importer.parse_preview(options)
        self.assertNotIn("error", preview)
        names = [
            "/".join(preview["matches"][index]) if index in preview["matches"] else False
            for index in range(len(preview["headers"]))
        ]
        options = {**preview["options"], "date_format": "%Y-%m-%d"}
        return names, importer.execute_import(names, preview["headers"], options, dryrun=dryrun)

    @staticmethod
    def _write_book(rows):
        book = Workbook()
        for row in rows:
            book.active.append(row)
        content = io.BytesIO()
        book.save(content)
        return content.getvalue()
