from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..estimate.construction_recipe_cost import COST_GROUP
from ..estimate.product_template import COST_NATURES

COST_KINDS = [("estimate", "Estimate"), ("committed", "Committed"), ("actual", "Actual")]
# Numbers of the rows of the three kinds never meet.
_PLACES = {kind: place for place, (kind, _label) in enumerate(COST_KINDS)}


class ConstructionCostItem(models.Model):
    """One line of an order, of a purchase or of the analytic accounting: what each figure of the costs is made of."""

    _name = "construction.cost.item"
    _description = "Cost of Works"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "name"
    _depends = {
        "account.account": ["account_type"],
        "construction.position": ["project_id", "analytic_account_id", "is_follower"],
        "crm.lead": ["construction_project_id"],
        "product.product": ["product_tmpl_id"],
        "product.template": ["cost_nature", "type"],
        "project.project": ["account_id", "construction_type_id", "is_template"],
        "res.company": ["currency_id"],
        "res.currency": ["rounding"],
        "sale.order": ["state", "date_order", "currency_rate", "company_id", "opportunity_id"],
        "sale.order.line": [
            "construction_position_id",
            "cost_nature",
            "display_type",
            "name",
            "order_id",
            "product_id",
            "product_uom_id",
            "product_uom_qty",
            "purchase_price",
        ],
    }

    kind = fields.Selection(COST_KINDS, readonly=True)
    date = fields.Date(readonly=True)
    name = fields.Char(string="Description", readonly=True, groups=COST_GROUP)
    project_id = fields.Many2one("project.project", readonly=True)
    position_id = fields.Many2one("construction.position", string="Chapter", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Vendor", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    cost_nature = fields.Selection(COST_NATURES, string="Nature", readonly=True)
    # metres and hours do not add up
    quantity = fields.Float(
        digits="Product Unit", min_display_digits=2, readonly=True, aggregator=None, groups=COST_GROUP
    )
    uom_id = fields.Many2one("uom.uom", string="Unit", readonly=True)
    amount = fields.Monetary(string="Cost", readonly=True, groups=COST_GROUP)
    document_id = fields.Many2oneReference(
        string="Source", model_field="document_model", readonly=True, aggregator=None, export_string_translation=False
    )
    document_model = fields.Char(readonly=True, groups=COST_GROUP, export_string_translation=False)

    @property
    def _table_query(self):
        return SQL(" UNION ALL ").join(SQL("(%s)", query) for query in self._get_queries())

    # === ACTION === #

    def action_open_document(self):
        """Open what this cost comes from: the order, the purchase, the bill or the analytic item."""
        self.ensure_one()
        # reason of sudo: only the way to the document; it opens with the rights of the user
        document = self.env[self.document_model].browse(self.document_id).sudo()
        if self.kind != "actual":
            document = document.order_id
        elif document.move_line_id:
            document = document.move_line_id.move_id
        document = document.sudo(False)
        if not document.has_access("read"):
            raise AccessError(
                self.env._("You may see this cost, but not the document it comes from. Ask accounting to open it.")
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": document._name,
            "res_id": document.id,
            "views": [(False, "form")],
        }

    # === HOOKS === #

    @api.model
    def _get_queries(self):
        """Give the queries the costs are read by, all with the same columns; other modules add theirs."""
        queries = [self._select_estimate(), *self._select_actual()]
        if "purchase.order.line" in self.env:
            queries.append(self._select_committed())
        return queries

    @api.model
    def _select_estimate(self):
        """What the lines of the confirmed orders, variations included, were reckoned to cost, as frozen on them."""
        return SQL(
            """
            SELECT line.id::int8 * 4 + %(place)s AS id, 'estimate' AS kind, sale.date_order::date AS date, line.name,
                   deal.construction_project_id AS project_id, line.construction_position_id AS position_id,
                   sale.company_id, company.currency_id, NULL::int4 AS partner_id, line.product_id,
                   COALESCE(line.cost_nature, %(nature)s) AS cost_nature,
                   line.product_uom_qty AS quantity, line.product_uom_id AS uom_id,
                   %(amount)s AS amount, line.id AS document_id, 'sale.order.line' AS document_model
              FROM sale_order_line line
              JOIN sale_order sale ON sale.id = line.order_id AND sale.state = 'sale'
              JOIN crm_lead deal ON deal.id = sale.opportunity_id AND deal.construction_project_id IS NOT NULL
              JOIN res_company company ON company.id = sale.company_id
              JOIN res_currency currency ON currency.id = company.currency_id
                   %(product)s
             WHERE line.display_type IS NULL AND line.purchase_price != 0 AND line.product_uom_qty != 0
            """,
            place=_PLACES["estimate"],
            nature=self._get_nature(),
            product=self._join_product(),
            amount=self._round(
                SQL("line.purchase_price * line.product_uom_qty / COALESCE(NULLIF(sale.currency_rate, 0), 1)")
            ),
        )

    @api.model
    def _select_actual(self):
        """What was booked on chapters and projects, but for what clients are billed."""
        column = self.env["construction.position"]._get_chapter_column()
        project = SQL(
            """
              JOIN project_project project ON project.account_id = item.account_id AND %s
            """,
            self._is_costed(SQL("project")),
        )
        if not column:
            return [self._select_booked(SQL("project.id"), SQL("NULL::int4"), project, SQL("TRUE"))]
        chapter = SQL.identifier("item", column, to_flush=self.env["account.analytic.line"]._fields[column])
        position = SQL("construction_position position ON position.analytic_account_id = %s", chapter)
        return [
            self._select_booked(
                SQL("position.project_id"),
                SQL("position.id"),
                SQL("JOIN %s", position),
                SQL("position.project_id IS NOT NULL"),
            ),
            self._select_booked(
                SQL("project.id"),
                SQL("NULL::int4"),
                SQL("%s LEFT JOIN %s", project, position),
                SQL("position.project_id IS NULL"),
            ),
        ]

    @api.model
    def _select_booked(self, project, position, joins, scope):
        lines = self.env["account.analytic.line"]
        names = ["account_id", "amount", "category", "company_id", "currency_id", "date", "general_account_id", "name"]
        names += ["partner_id", "product_id", "product_uom_id", "unit_amount"]
        nature = self._get_nature()
        if "project_id" in lines._fields:  # hours of Timesheets
            names.append("project_id")
            nature = SQL("COALESCE(%s, CASE WHEN item.project_id IS NOT NULL THEN 'labour' END)", nature)
        return SQL(
            """
            SELECT item.id::int8 * 4 + %(place)s AS id, 'actual' AS kind, item.date, item.name,
                   %(project)s AS project_id, %(position)s AS position_id,
                   item.company_id, item.currency_id, item.partner_id, item.product_id,
                   %(nature)s AS cost_nature, item.unit_amount AS quantity, item.product_uom_id AS uom_id,
                   -item.amount AS amount, item.id AS document_id, 'account.analytic.line' AS document_model
              FROM account_analytic_line item
                   %(joins)s
                   %(product)s
         LEFT JOIN account_account ledger ON ledger.id = item.general_account_id
             WHERE %(scope)s
               AND item.category IS DISTINCT FROM 'invoice'
               AND (ledger.id IS NULL OR ledger.account_type NOT LIKE 'income%%')
            """,
            place=_PLACES["actual"],
            project=project,
            position=position,
            nature=nature,
            joins=joins,
            product=self._join_product(SQL("item")),
            scope=scope,
            to_flush=[lines._fields[name] for name in names],
        )

    @api.model
    def _select_committed(self):
        """What was ordered of vendors and is not on a posted bill yet, by the quantities."""
        # the part of the line that no posted bill took
        left = SQL(
            "LEAST(GREATEST(1 - COALESCE(billed.quantity, 0) / line.product_qty, 0), 1) * share.percent::numeric / 100"
        )
        return SQL(
            """
            SELECT (line.id::int8 * 100 + share.place) * 4 + %(place)s AS id, 'committed' AS kind,
                   purchase.date_approve::date AS date, line.name,
                   COALESCE(position.project_id, project.id) AS project_id, position.id AS position_id,
                   purchase.company_id, company.currency_id, purchase.partner_id, line.product_id,
                   %(nature)s AS cost_nature,
                   line.product_qty * %(left)s AS quantity, line.product_uom_id AS uom_id,
                   %(amount)s AS amount, line.id AS document_id, 'purchase.order.line' AS document_model
              FROM purchase_order_line line
              JOIN purchase_order purchase ON purchase.id = line.order_id AND purchase.state IN ('purchase', 'done')
              JOIN res_company company ON company.id = purchase.company_id
              JOIN res_currency currency ON currency.id = company.currency_id
                   %(product)s
                   %(billed)s
        CROSS JOIN LATERAL jsonb_each_text(
                       CASE WHEN jsonb_typeof(line.analytic_distribution) = 'object'
                            THEN line.analytic_distribution ELSE '{}' END
                   ) WITH ORDINALITY AS share (key, percent, place)
         LEFT JOIN construction_position position
                   ON position.analytic_account_id = ANY(string_to_array(share.key, ',')::int4[])
         LEFT JOIN project_project project
                   ON project.account_id = ANY(string_to_array(share.key, ',')::int4[]) AND %(is_costed)s
             WHERE line.display_type IS NULL
               AND line.product_qty != 0
               AND COALESCE(position.project_id, project.id) IS NOT NULL
               AND %(left)s != 0
            """,
            place=_PLACES["committed"],
            nature=self._get_nature(),
            left=left,
            amount=self._round(SQL("line.price_subtotal / COALESCE(NULLIF(purchase.currency_rate, 0), 1) * %s", left)),
            product=self._join_product(),
            billed=self._join_billed(),
            is_costed=self._is_costed(SQL("project")),
            to_flush=self._get_committed_fields(),
        )

    @api.model
    def _join_billed(self):
        """What posted bills and refunds took of a line of a purchase order, in its unit."""
        return SQL(
            """
            LEFT JOIN LATERAL (
                          SELECT SUM(CASE WHEN bill.move_type = 'in_refund' THEN -1 ELSE 1 END
                                     * item.quantity * item_uom.factor / line_uom.factor) AS quantity
                            FROM account_move_line item
                            JOIN account_move bill ON bill.id = item.move_id
                            JOIN uom_uom item_uom ON item_uom.id = item.product_uom_id
                            JOIN uom_uom line_uom ON line_uom.id = line.product_uom_id
                           WHERE item.purchase_line_id = line.id AND item.parent_state = 'posted'
                      ) billed ON TRUE
            """
        )

    @api.model
    def _get_committed_fields(self):
        """The fields that have to be in the database before `_select_committed` reads them."""
        names = {
            "purchase.order": ("state", "currency_rate", "date_approve", "partner_id"),
            "purchase.order.line": (
                "analytic_distribution",
                "price_subtotal",
                "product_qty",
                "product_uom_id",
                "product_id",
            ),
            "account.move": ("move_type",),
            "account.move.line": ("parent_state", "purchase_line_id", "quantity", "product_uom_id"),
        }
        return [self.env[model]._fields[name] for model, own in names.items() for name in own]

    @api.model
    def _get_nature(self):
        """The nature of the joined product as `product.product._get_cost_nature` has it, but for units of time."""
        return SQL(
            "COALESCE(template.cost_nature, CASE template.type WHEN 'service' THEN 'labour' WHEN 'consu' "
            "THEN 'material' END)"
        )

    @api.model
    def _join_product(self, table=None):
        return SQL(
            """
            LEFT JOIN product_product product ON product.id = %s.product_id
            LEFT JOIN product_template template ON template.id = product.product_tmpl_id
            """,
            table or SQL("line"),
        )

    @api.model
    def _is_costed(self, project):
        """A construction project; of several with one analytic account the first, so that nothing counts twice."""
        return SQL(
            """
            %(project)s.construction_type_id IS NOT NULL
            AND %(project)s.is_template IS NOT TRUE
            AND NOT EXISTS (
                SELECT 1
                  FROM project_project other
                 WHERE other.account_id = %(project)s.account_id
                   AND other.construction_type_id IS NOT NULL
                   AND other.is_template IS NOT TRUE
                   AND other.id < %(project)s.id
            )
            """,
            project=project,
        )

    @api.model
    def _round(self, amount):
        """To the cent of the company, row by row: what is shown adds up to what is shown."""
        return SQL("ROUND((%s)::numeric / currency.rounding::numeric) * currency.rounding::numeric", amount)
