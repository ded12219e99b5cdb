from odoo import api, fields, models

from .sale_order_position import NOTHING

# Who reads the amounts of contracts chapter by chapter. A foreman (Project / User) sees quantities only.
AMOUNT_GROUPS = (
    "project.group_project_manager,sales_team.group_sale_salesman,"
    "account.group_account_invoice,account.group_account_readonly"
)


class ConstructionPosition(models.Model):
    """A chapter of what was contracted: the one thing that is measured, certified, varied and costed."""

    _name = "construction.position"
    _description = "Chapter of Works"
    _order = "order_id, sequence, id"
    _rec_names_search = ["name", "number"]

    chapter_line_id = fields.Many2one(
        "sale.order.line",
        string="Chapter",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        help="The chapter of the order, or the line priced outside chapters.",
    )
    # Stored, all of them: works are filtered, grouped and protected by them.
    order_id = fields.Many2one("sale.order", required=True, readonly=True, index=True, ondelete="restrict")
    contract_id = fields.Many2one(
        "construction.contract",
        compute="_compute_contract_id",
        store=True,
        index="btree_not_null",
    )
    project_id = fields.Many2one(
        "project.project",
        compute="_compute_project_id",
        store=True,
        index="btree_not_null",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    sequence = fields.Integer(readonly=True)
    number = fields.Char(string="No.", readonly=True)
    name = fields.Char(required=True, readonly=True)
    product_id = fields.Many2one("product.product", string="Item", readonly=True)
    recipe_id = fields.Many2one("construction.recipe", readonly=True)
    uom_id = fields.Many2one("uom.uom", string="Unit", readonly=True)
    project_stage_id = fields.Many2one(
        "project.project.stage",
        string="Stage of Works",
        index="btree_not_null",
        help="The stage in which this chapter is built: that of its task, else of its item.",
    )
    is_variation = fields.Boolean(
        string="Added by a Variation",
        readonly=True,
        help="This chapter came after the contract was signed: all of it is a variation.",
    )
    is_follower = fields.Boolean(
        string="Follows the Works",
        readonly=True,
        help="A discount: nobody builds it, it goes with the progress of all the other works.",
    )
    # Sums of the lines of the orders; stored for lists and sums.
    quantity_original = fields.Float(
        compute="_compute_figures",
        store=True,
        digits="Product Unit",
        min_display_digits=2,
        # pieces and square metres do not add up
        aggregator=None,
    )
    quantity_variations = fields.Float(
        string="Quantity of Variations",
        compute="_compute_figures",
        store=True,
        digits="Product Unit",
        min_display_digits=2,
        # pieces and square metres do not add up
        aggregator=None,
    )
    quantity = fields.Float(
        string="Contracted Quantity",
        compute="_compute_figures",
        store=True,
        digits="Product Unit",
        min_display_digits=2,
        # pieces and square metres do not add up
        aggregator=None,
    )
    hours_planned = fields.Float(
        string="Planned Hours",
        compute="_compute_figures",
        store=True,
        help="Hours of labour in what was contracted.",
    )
    amount_original = fields.Monetary(
        string="Original Amount",
        compute="_compute_figures",
        store=True,
        groups=AMOUNT_GROUPS,
        help="Of the contract as signed, tax excluded.",
    )
    amount_variations = fields.Monetary(
        string="Variations",
        compute="_compute_figures",
        store=True,
        groups=AMOUNT_GROUPS,
        help="What variations added or took off, tax excluded.",
    )
    amount = fields.Monetary(
        string="Contracted Amount",
        compute="_compute_figures",
        store=True,
        groups=AMOUNT_GROUPS,
        help="As contracted now, tax excluded.",
    )
    amount_taxed = fields.Monetary(
        string="Contracted Amount with Taxes",
        compute="_compute_figures",
        store=True,
        groups=AMOUNT_GROUPS,
    )
    progress_line_ids = fields.One2many("construction.progress.line", "position_id", readonly=True)
    quantity_done = fields.Float(
        string="Done",
        digits=(16, 6),
        compute="_compute_quantity_done",
        # the next report, certificates and the progress of the project start from it
        store=True,
        help="Approved, from the beginning of the works.",
        # pieces and square metres do not add up
        aggregator=None,
    )
    percent_done = fields.Float(
        string="Done (%)",
        compute="_compute_percent_done",
        # read by the progress of the project, lists and groups
        store=True,
        digits=(7, 2),
        aggregator="avg",
    )
    task_ids = fields.Many2many("project.task", string="Tasks", compute="_compute_task_ids")

    _chapter_uniq = models.UniqueIndex("(chapter_line_id)", "This chapter is measured already.")

    # === COMPUTE === #

    @api.depends("number", "name")
    def _compute_display_name(self):
        for position in self:
            number, name = (position.number or "").strip(), position.name or ""
            has_number = not number or name.split(" ")[0].rstrip(".") == number.rstrip(".")
            position.display_name = name if has_number else f"{number} {name}"

    @api.depends("order_id.contract_id")
    def _compute_contract_id(self):
        for order, positions in self.grouped("order_id").items():
            positions.contract_id = order.contract_id

    @api.depends("order_id.opportunity_id.construction_project_id")
    def _compute_project_id(self):
        for order, positions in self.grouped("order_id").items():
            positions.project_id = order.opportunity_id.construction_project_id

    # The value of the contract is what changes with any of its orders; nothing hangs on the lines of other orders.
    @api.depends("contract_id.amount_untaxed", "contract_id.amount_total", "is_variation")
    def _compute_figures(self):
        figures = self._read_figures()
        for position in self:
            position.update(self._prepare_figures(*figures[position], position.is_variation))

    @api.model
    def _prepare_figures(self, original, variations, is_variation):
        """Values of all the fields of `_compute_figures`, from the `Figures` of a chapter and of what changed it."""
        if is_variation:
            original, variations = NOTHING, original + variations
        return {
            "quantity_original": original.quantity,
            "quantity_variations": variations.quantity,
            "quantity": original.quantity + variations.quantity,
            "amount_original": original.untaxed,
            "amount_variations": variations.untaxed,
            "amount": original.untaxed + variations.untaxed,
            "amount_taxed": original.taxed + variations.taxed,
            "hours_planned": original.hours + variations.hours,
        }

    @api.depends("progress_line_ids.state", "progress_line_ids.quantity")
    def _compute_quantity_done(self):
        sums = dict(
            self.env["construction.progress.line"]._read_group(
                [("position_id", "in", self.ids), ("state", "=", "approved")], ["position_id"], ["quantity:sum"]
            )
        )
        for position in self:
            if not position.is_follower:
                position.quantity_done = sums.get(position._origin, 0.0)
        followers = self.filtered("is_follower")
        followers._follow_works()

    @api.depends("quantity", "quantity_done")
    def _compute_percent_done(self):
        for position in self:
            done = position.quantity_done
            position.percent_done = (
                round(100 * done / position.quantity, 2) if position.quantity else 100.0 * bool(done)
            )

    def _compute_task_ids(self):
        tasks = self.env["project.task"].search([("chapter_line_id", "in", self.chapter_line_id.ids)])
        by_chapter = tasks.grouped("chapter_line_id")
        for position in self:
            position.task_ids = by_chapter.get(position.chapter_line_id, tasks.browse())

    # === BUSINESS === #

    @api.model
    def _sync(self, orders, added=False):
        """Make the positions of confirmed orders that are missing, and read the figures of the others anew.

        :param orders: sale.order records; several times is once
        :param bool added: these orders join a contract that was signed before: all of them is a variation
        :return: the positions of their chapters; those of the contract for chapters that change one of it
        """
        # reason of sudo: a contract is signed, a project started by people with no right to make positions
        orders, model = orders.sudo(), self.sudo()
        # read once, for all that follows from them
        works_by_order = orders.filtered(lambda order: order.state == "sale")._get_works()
        roots = {works.key: works.key._get_root_chapter() for found in works_by_order.values() for works in found}
        root_ids = list({root.id for root in roots.values()})
        known = model.search(["|", ("order_id", "in", orders.ids), ("chapter_line_id", "in", root_ids)])
        by_chapter = known.grouped("chapter_line_id")
        new, kept = [], model
        for found in works_by_order.values():
            for sequence, works in enumerate(found, 1):
                root = roots[works.key]
                if root in by_chapter:
                    kept |= by_chapter[root]
                elif root == works.key:
                    new.append((works, {"sequence": sequence, "is_variation": added}))
        gone = known - kept
        gone.filtered(lambda position: not position._is_in_use())._drop()
        kept |= gone.exists()
        kept._refresh()
        if added:
            original = kept.filtered(lambda position: not position.is_variation)
            original.filtered(lambda position: position.order_id in orders).is_variation = True
        kept |= model._create_for_works(new, works_by_order)
        kept._set_stages()
        kept._after_sync(orders, works_by_order)
        return kept.with_env(self.env)

    def _after_sync(self, orders, works_by_order):
        """Bring up to date what hangs on these positions; files that have such things add theirs.

        :param orders: the orders that were read, as superuser, as everything here
        :param dict works_by_order: as `sale.order._get_works` gives it
        """

    @api.model
    def _create_for_works(self, new, works_by_order):
        """Make positions with their figures: computed afterwards, these would read the orders once more.

        :param list new: pairs of `core.delivery.positions.Works` and values of its position
        """
        if not new:
            return self
        keys = self.env["sale.order.line"].union(*(works.key for works, _values in new))
        figures = keys._read_chapter_figures(works_by_order)
        positions = self.create(
            [
                values
                | works.key._prepare_position_values(works)
                | self._prepare_figures(*figures[works.key], values["is_variation"])
                for works, values in new
            ]
        )
        given = [*self._prepare_figures(NOTHING, NOTHING, False), "contract_id", "project_id"]
        for name in given:
            self.env.remove_to_compute(self._fields[name], positions)
        # Nothing is reported of them yet. Discounts go by the works of their order.
        works = positions.filtered(lambda position: not position.is_follower)
        for name in ("quantity_done", "percent_done"):
            self.env.remove_to_compute(self._fields[name], works)
        return positions

    def _refresh(self):
        """Read the figures of these positions anew from their orders."""
        # not add_to_compute: what hangs on the figures follows too
        self.modified(["is_variation"])

    def _set_stages(self):
        """Give positions without a stage that of their task, else of their item."""
        bare = self.filtered(lambda position: not position.project_stage_id and not position.is_follower)
        if not bare:
            return
        tasks = self.env["project.task"].search([("chapter_line_id", "in", bare.chapter_line_id.ids)])
        stages = {task.chapter_line_id: task.milestone_id.project_stage_id for task in tasks}
        by_stage = {}
        for position in bare:
            stage = stages.get(position.chapter_line_id) or position.product_id.construction_stage_id
            by_stage[stage] = by_stage.get(stage, bare.browse()) | position
        for stage, positions in by_stage.items():
            if stage:
                positions.project_stage_id = stage

    def _is_in_use(self):
        """Whether something was recorded on this position. Files that record something add theirs."""
        self.ensure_one()
        if self.progress_line_ids.filtered("quantity"):
            return True
        domain = [("position_id", "=", self.id), ("step", "!=", "cancelled")]
        return bool(self.env["construction.certificate.line"].search_count(domain, limit=1))

    def _drop(self):
        """Delete these positions, but for those in cancelled certificates: they stay, out of the contract."""
        named = self.env["construction.certificate.line"].search([("position_id", "in", self.ids)]).position_id
        (self - named).unlink()

    def _read_done(self, date_to):
        """How much of these positions was approved up to a day.

        :return: dict of position → quantity
        """
        return dict(
            self.env["construction.progress.line"]._read_group(
                [("position_id", "in", self.ids), ("state", "=", "approved"), ("date", "<=", date_to)],
                ["position_id"],
                ["quantity:sum"],
            )
        )

    def _read_certifiable(self, date_to):
        """What a certificate proposes: what was approved, but never more than is contracted.

        :return: dict of position → quantity
        """
        done = self._read_done(date_to)
        result = {}
        for position in self:
            low, high = sorted((0.0, position.quantity))
            result[position] = min(max(done.get(position, 0.0), low), high)
        return result

    def _follow_works(self):
        """Discounts are as far as the works of their order are."""
        for order, followers in self.grouped("order_id").items():
            works = self.search([("order_id", "=", order.id), ("is_follower", "=", False)])
            percent = works._get_progress() or 0.0
            for follower in followers:
                follower.quantity_done = follower.quantity * percent / 100

    def _refresh_done(self):
        """Find anew how much of the discounts goes with these works."""
        followers = self.search([("order_id", "in", self.order_id.ids), ("is_follower", "=", True)])
        # as in `_refresh`
        followers.modified(["progress_line_ids"])

    def _read_figures(self):
        """What the orders say of these positions.

        :return: dict of position → (`Figures` of its own chapter, `Figures` of the variations of it)
        """
        # reason of sudo: the figures are stored, the same for everybody
        figures = self.sudo().chapter_line_id._read_chapter_figures()
        # reason of sudo: as above
        return {position: figures[position.sudo().chapter_line_id] for position in self}

    def _get_progress(self, done=None):
        """How far these works are in all, in percent; None while nothing was recorded.

        :param dict done: id → quantity done, as if that were approved
        """
        done = done or {}
        # reason of sudo: a foreman's progress counts by amounts he does not see
        works = self.sudo().filtered(lambda position: not position.is_follower)
        shares = {}
        for position in works:
            quantity = done.get(position.id, position.quantity_done)
            shares[position] = quantity / position.quantity if position.quantity else float(bool(quantity))
        if not any(shares.values()):
            return None
        # works without a price count alike
        weights = {position: position.amount for position in works}
        total = sum(weights.values())
        if total <= 0:
            weights, total = dict.fromkeys(works, 1.0), len(works)
        # not of rounded percentages: all done is 100
        reached = sum(weight * shares[position] for position, weight in weights.items())
        return round(min(max(100 * reached / total, 0.0), 100.0), 2)
