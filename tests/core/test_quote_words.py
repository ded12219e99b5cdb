"""Plain tests of amounts in words, run with or without Odoo."""

import unittest

from core.quote.words import amount_in_words


class TestWords(unittest.TestCase):
    def test_each_language_counts_in_its_own_words(self):
        for lang, text in (
            ("en_GB", "One hundred and one Euros and twenty-five Cents"),
            ("fr_FR", "Cent un Euros et vingt-cinq Cents"),
            ("de_DE", "Einhunderteins Euros und fünfundzwanzig Cents"),
            ("es_ES", "Ciento uno Euros con veinticinco Cents"),
            ("ro_RO", "O sută unu Euros și douăzeci și cinci Cents"),
            ("ru_RU", "Сто один Euros и двадцать пять Cents"),
        ):
            with self.subTest(lang=lang):
                self.assertEqual(amount_in_words(101.25, lang, "EUR", "Euros", "Cents"), text)

    def test_chinese_is_written_in_financial_capitals(self):
        for amount, text in (
            (0, "人民币零元整"),
            (0.5, "人民币伍角整"),
            (0.05, "人民币伍分"),
            (10, "人民币壹拾元整"),
            (105.08, "人民币壹佰零伍元零捌分"),
            (1680.32, "人民币壹仟陆佰捌拾元叁角贰分"),
            (16409.02, "人民币壹万陆仟肆佰零玖元零贰分"),
            (107000.53, "人民币壹拾万柒仟元伍角叁分"),
            (200000000.1, "人民币贰亿元壹角整"),
            (-3, "人民币负叁元整"),
        ):
            with self.subTest(amount=amount):
                self.assertEqual(amount_in_words(amount, "zh_CN", "CNY"), text)

    def test_an_unknown_language_is_written_in_english(self):
        self.assertEqual(amount_in_words(2, "tlh_QO", "USD", "Dollars"), "Two Dollars")

    def test_currencies_without_cents_and_negative_amounts(self):
        self.assertEqual(amount_in_words(1500.4, "en", "JPY", "Yen", digits=0), "One thousand, five hundred Yen")
        self.assertEqual(amount_in_words(-1, "fr_FR", "EUR", "Euros"), "Moins un Euros")
        self.assertEqual(amount_in_words(0, "en", "XXX"), "Zero XXX")
