from odoo.tests import TransactionCase, tagged

from ...models.pipeline.formats import format_figure, format_percent


@tagged("post_install", "-at_install")
class TestFormats(TransactionCase):
    """Percentages read alike everywhere, as each language writes them."""

    def _format(self, lang, value, **options):
        self.env["res.lang"]._activate_lang(lang)
        return format_percent(self.env(context={"lang": lang}), value, **options).replace("\N{NO-BREAK SPACE}", "~")

    def test_each_language_has_its_space_its_point_and_no_idle_zeros(self):
        expected = {"en_US": "12.5~%", "fr_FR": "12,5~%", "de_DE": "12,5~%", "ru_RU": "12,5~%", "ro_RO": "12,5~%"}
        expected |= {"es_ES": "12,5~%", "zh_CN": "12.5%", "tr_TR": "%12,5"}
        for lang, text in expected.items():
            with self.subTest(lang=lang):
                self.assertEqual(self._format(lang, 12.5), text)

    def test_figures_lose_idle_zeros_only(self):
        env = self.env(context={"lang": "en_US"})
        values = ((100, "100"), (0, "0"), (33.333, "33.33"), (-2.50, "-2.5"), (1200.0, "1,200"))
        for value, text in values:
            self.assertEqual(format_figure(env, value), text)
        self.assertEqual(format_figure(env, 900.04, 1, signed=True), "+900")
        self.assertEqual(format_figure(env, -3.0, 1, signed=True), "-3")
        self.assertEqual(format_figure(env, 0.0, 1, signed=True), "0")
