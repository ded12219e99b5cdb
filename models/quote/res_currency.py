from odoo import models

from ...core.quote.words import amount_in_words


class ResCurrency(models.Model):
    _inherit = "res.currency"

    def _get_amount_in_words(self, amount, lang):
        """Spell an amount in a language, with the names this currency has in it.

        :param str lang: code such as "ro_RO"; one nobody can count in falls back to English
        """
        self.ensure_one()
        currency = self.with_context(lang=lang)
        return amount_in_words(
            amount,
            lang,
            self.name,
            currency.currency_unit_label or "",
            currency.currency_subunit_label or "",
            self.decimal_places,
        )
