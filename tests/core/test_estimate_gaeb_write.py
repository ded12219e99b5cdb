"""Plain tests of answering a tender (X84) and of writing a sheet as GAEB DA XML."""

import unittest
from dataclasses import replace
from datetime import date
from decimal import Decimal

import gaeb_sample
from lxml import etree

from core.estimate.exchange.draft import Draft, Item, Zone
from core.estimate.gaeb.budget import write_budget, write_tender
from core.estimate.gaeb.figures import cents
from core.estimate.gaeb.offer import Bidder, OfferError, get_part_kinds, write_offer
from core.estimate.gaeb.reader import read

BIDDER = Bidder("Bau Söhne & Co. KG, Hoch- und Tiefbau aus Leidenschaft", "Weg 1", "12345", "Ort", vat="DE123")
TODAY = date(2026, 4, 1)


def total(draft):
    return sum(
        (cents(item.quantity * item.price) + item.correction for item in draft.items if not item.is_optional),
        Decimal(0),
    )


def figures(draft):
    return [(item.reference, item.quantity, item.price, item.is_optional) for item in draft.items]


def priced(data=None):
    draft = read(data or gaeb_sample.make_tender())
    for item in draft.items:
        item.price = Decimal(gaeb_sample.PRICES[item.reference])
        if item.quantity is None:
            item.quantity = Decimal("55.5")
    return draft


class TestOffer(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.tender = gaeb_sample.make_tender()
        self.draft = priced()

    def offer(self, **options):
        return write_offer(self.tender, self.draft, BIDDER, TODAY, **options)

    def tree(self, **options):
        return etree.fromstring(self.offer(**options).content)

    def all(self, root, name):
        return root.findall(f".//{{*}}{name}")

    def test_numbers_and_identifiers_come_back_as_they_were(self):
        asked = etree.fromstring(self.tender)
        for has_texts in (False, True):
            answered = self.tree(has_texts=has_texts)
            for name in ("BoQ", "BoQCtgy", "MarkupItem"):
                self.assertEqual(
                    [dict(found.attrib) for found in self.all(answered, name)],
                    [dict(found.attrib) for found in self.all(asked, name)],
                )
            wanted = [dict(found.attrib) for found in self.all(asked, "Item")]
            if not has_texts:
                wanted = [row for row in wanted if row["ID"] != "i-02.03.0060"]
            self.assertEqual([dict(found.attrib) for found in self.all(answered, "Item")], wanted)

    def test_the_phase_is_84_in_the_version_of_the_tender(self):
        for version, namespace in (("3.1", "200407"), ("3.2", "DA84/3.2"), ("3.3", "DA84/3.3")):
            tender = gaeb_sample.make_tender(version)
            root = etree.fromstring(write_offer(tender, self.draft, BIDDER, TODAY).content)
            self.assertEqual(root.findtext(".//{*}DP"), "84")
            self.assertEqual(etree.QName(root).namespace, f"http://www.gaeb.de/GAEB_DA_XML/{namespace}")
            self.assertEqual(root.findtext(".//{*}Version"), version)

    def test_the_standard_offer_has_no_texts(self):
        root = self.tree()
        for name in ("Description", "LblTx", "QU", "Remark", "OWN"):
            self.assertEqual(self.all(root, name), [])

    def test_with_texts_every_text_is_the_one_of_the_tender(self):
        asked, answered = etree.fromstring(self.tender), self.tree(has_texts=True)
        for name in ("Description", "LblTx", "QU", "Qty", "Remark", "OWN", "BoQBkdn"):
            texts = ["".join(found.itertext()) for found in self.all(answered, name)]
            if name == "Qty":
                texts.remove("55.500")
            self.assertEqual(texts, ["".join(found.itertext()) for found in self.all(asked, name)], name)

    def test_reading_the_offer_gives_the_same_budget(self):
        for has_texts in (False, True):
            offer = self.offer(has_texts=has_texts)
            back = read(offer.content)
            self.assertEqual(figures(back), figures(self.draft))
            self.assertEqual(total(back), total(self.draft))
            self.assertEqual((offer.total, back.stated_total), (total(self.draft), total(self.draft)))

    def test_amounts_are_quantity_times_price_to_the_cent(self):
        for element in self.all(self.tree(), "Item"):
            if element.find("{*}IT") is None:
                continue
            quantity, price = Decimal(element.findtext("{*}Qty")), Decimal(element.findtext("{*}UP"))
            self.assertEqual(Decimal(element.findtext("{*}IT")), cents(quantity * price))

    def test_categories_add_up(self):
        zones = read(self.offer().content).zones
        sums = {zone.key: zone.stated_total for zone in zones}
        self.assertEqual(sums["02"], sums["02.01"] + sums["02.02"] + sums["02.03"])
        self.assertEqual(sum(sums[zone.key] for zone in zones if not zone.parent), total(self.draft))

    def test_what_does_not_count_has_a_unit_price_and_no_total(self):
        for number in ("02.01.0040", "02.03.0020"):
            element = next(found for found in self.all(self.tree(), "Item") if found.get("ID") == f"i-{number}")
            self.assertEqual(Decimal(element.findtext("{*}UP")), Decimal(gaeb_sample.PRICES[number]))
            self.assertIsNone(element.find("{*}IT"))

    def test_a_percentage_position_says_of_what_and_how_much(self):
        found = self.all(self.tree(), "MarkupItem")[0]
        base = Decimal(found.findtext("{*}ITMarkup"))
        self.assertEqual(cents(base * Decimal(found.findtext("{*}Markup")) / 100), Decimal("350.00"))
        self.assertEqual(found.findtext("{*}IT"), "350.00")

    def test_parts_of_a_unit_price_add_up_to_it(self):
        parts = {"02.02.0040": [Decimal("612.3333"), Decimal("1300"), Decimal("1")]}
        element = next(found for found in self.all(self.tree(parts=parts), "Item") if found.get("ID") == "i-02.02.0040")
        given = [Decimal(element.findtext(f"{{*}}UPComp{number}")) for number in (1, 2, 3)]
        self.assertEqual(given, [Decimal("612.333"), Decimal("1300.000"), Decimal("72.667")])

    def test_the_parts_a_tender_asks_for_are_known(self):
        kinds, asked = get_part_kinds(self.tender)
        self.assertEqual(kinds, ["Wages", "Materials", "Miscellaneous"])
        self.assertEqual(asked, {"02.01.0020", "02.02.0040"})

    def test_the_bidder_has_an_address(self):
        address = self.all(self.tree(), "CTR")[0]
        self.assertEqual(address.findtext(".//{*}Name1"), "Bau Söhne & Co. KG, Hoch- und Tiefbau au")
        self.assertEqual(address.findtext(".//{*}City"), "Ort")

    def test_tax_is_on_the_total_where_it_is_known(self):
        self.draft.vat = Decimal(19)
        totals = self.tree().find(".//{*}BoQInfo/{*}Totals")
        net, gross = (Decimal(totals.findtext(f"{{*}}{name}")) for name in ("Total", "TotalGross"))
        self.assertEqual(gross, net + cents(net * 19 / 100))

    def test_a_position_without_a_price_is_not_offered(self):
        self.draft.items[5].price = None
        offer = self.offer()
        self.assertIn("not offered", offer.notes[0].message)
        element = next(
            found
            for found in self.all(etree.fromstring(offer.content), "Item")
            if found.get("ID") == f"i-{self.draft.items[5].reference}"
        )
        self.assertEqual((element.findtext("{*}NotOffered"), element.find("{*}UP")), ("Yes", None))

    def test_prices_of_somebody_else_in_the_tender_are_dropped(self):
        tender = self.tender.replace(b"<QU>m3</QU>", b"<QU>m3</QU><UP>1.00</UP><IT>99.00</IT>")
        for has_texts in (False, True):
            offer = write_offer(tender, self.draft, BIDDER, TODAY, has_texts=has_texts)
            self.assertEqual(offer.total, total(self.draft))
            self.assertNotIn(b">99.00<", offer.content)

    def test_another_currency_is_said_and_stated(self):
        self.draft.currency = "CHF"
        offer = self.offer()
        self.assertIn("CHF", offer.notes[0].message)
        self.assertEqual(etree.fromstring(offer.content).findtext(".//{*}AwardInfo/{*}Cur"), "CHF")

    def assertFault(self, *parts):
        with self.assertRaises(OfferError) as caught:
            self.offer()
        for part in parts:
            self.assertIn(part, str(caught.exception))

    def test_another_quantity_is_refused(self):
        self.draft.items[2].quantity = Decimal("86")
        self.assertFault("01.0030", "85.000", "86")

    def test_an_item_the_tender_does_not_have_is_refused(self):
        self.draft.items.append(Item(name="Extra", quantity=Decimal(1), price=Decimal(1)))
        self.assertFault("Extra", "no such position")

    def test_too_many_decimals_are_refused(self):
        self.draft.items[2].price = Decimal("12.3456")
        self.assertFault("01.0030", "12.3456", "3 decimals")

    def test_two_decimals_where_the_tender_says_so(self):
        self.tender = gaeb_sample.make_tender(digits="2")
        self.assertFault("01.0040", "9.875", "2 decimals")

    def test_an_amount_that_is_not_quantity_times_price_is_refused(self):
        self.draft.items[2].correction = Decimal("0.01")
        self.assertFault("01.0030", "not its quantity times its unit price")


class TestBudget(unittest.TestCase):
    """Sheets of ours, which no tender stands behind."""

    def test_a_sheet_goes_out_and_comes_back_the_same(self):
        draft = priced()
        offer = write_budget(draft, BIDDER, TODAY)
        back = read(offer.content)
        self.assertEqual((offer.total, total(back)), (total(draft), total(draft)))
        for found, wanted in zip(back.items, draft.items, strict=True):
            self.assertEqual(
                (found.name, found.description, found.quantity, found.unit, found.price, found.is_optional),
                (wanted.name, wanted.description, wanted.quantity, wanted.unit, wanted.price, wanted.is_optional),
            )
        self.assertEqual(
            [(zone.code, zone.name, zone.parent) for zone in back.zones],
            [(zone.code, zone.name, zone.parent) for zone in draft.zones],
        )

    def test_amounts_stay_where_quantity_times_price_is_another(self):
        draft = Draft(
            items=[
                Item(name="A", quantity=Decimal("3"), price=Decimal("3.3333333"), unit="Units"),
                Item(name="B", quantity=Decimal("2"), price=Decimal("5"), correction=Decimal("0.07")),
            ]
        )
        offer = write_budget(draft, BIDDER, TODAY)
        self.assertEqual((offer.total, total(read(offer.content))), (Decimal("20.07"), Decimal("20.07")))

    def test_items_beside_zones_and_deep_zones_find_a_place(self):
        zones = [Zone(key="a", code="x y", name="A")]
        zones += [
            Zone(key=f"a{level}", name=f"L{level}", parent=f"a{level - 1}" if level else "a") for level in range(7)
        ]
        items = [Item(name=key, quantity=Decimal(1), price=Decimal(2), zone=key) for key in ("", "a", "a0", "a6")]
        back = read(write_budget(Draft(zones=zones, items=items), BIDDER, TODAY).content)
        self.assertEqual({item.name for item in back.items}, {"", "a", "a0", "a6"} - {""} | {back.items[0].name})
        self.assertEqual(total(back), Decimal(8))
        self.assertLessEqual(max(zone.code.count(".") for zone in back.zones), 4)

    def test_a_tender_of_ours_has_no_prices(self):
        data = write_tender(priced(), TODAY)
        self.assertNotIn(b"<UP>", data)
        self.assertEqual(read(data).kind, "X83")

    def test_letters_xml_cannot_hold_are_dropped(self):
        draft = Draft(title="a\x00b", items=[Item(name="x\x01y ]]> & <p>", quantity=Decimal(1), price=Decimal(1))])
        self.assertEqual(read(write_budget(draft, BIDDER, TODAY).content).items[0].name, "xy ]]> & <p>")

    def test_quantities_and_prices_may_be_missing(self):
        draft = Draft(items=[Item(name="A"), Item(name="B", quantity=Decimal(1))])
        offer = write_budget(replace(draft), BIDDER, TODAY)
        self.assertEqual(offer.total, 0)
        self.assertEqual(len(offer.notes), 2)
