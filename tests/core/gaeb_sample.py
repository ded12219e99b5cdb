"""A tender of forty positions as GAEB DA XML, made here: nested categories, umlauts, formatted text, every kind.

It imports nothing of the project, so that tests with and without Odoo share it.
"""

from xml.sax.saxutils import escape, quoteattr

#: (number, name, entries): an entry is a category again, or a position (number, short text, quantity, unit, extras).
BILL = [
    (
        "01",
        "Baustelleneinrichtung & Gerüste",
        [
            ("0010", "Baustelle einrichten", None, "psch", {"lump": True}),
            ("0020", "Baustelle räumen", None, "psch", {"lump": True}),
            ("0030", "Bauzaun, h = 2,00 m", "85.000", "lfm", {}),
            ("0040", "Arbeitsgerüst, Lastklasse 3", "420.500", "m2", {"table": True}),
            ("0050", "Vorhalten des Gerüstes", "1682.000", "m2Wo", {}),
        ],
    ),
    (
        "02",
        "Rohbauarbeiten",
        [
            (
                "01",
                "Erdarbeiten",
                [
                    ("0010", "Oberboden abtragen, d = 20 cm", "310.000", "m2", {}),
                    ("0020", "Baugrube ausheben, Homogenbereich 2", "486.750", "m3", {"breakdown": True}),
                    ("0030", "Bodenaushub entsorgen", "486.750", "m3", {}),
                    ("0040", "Mehraushub, Bedarf", "25.000", "m3", {"provis": "WithoutTotal"}),
                    ("0050", "Wasserhaltung, Bedarf mit Gesamtbetrag", "14.000", "d", {"provis": "WithTotal"}),
                    ("0060", "Arbeitsräume verfüllen", "96.125", "m3", {}),
                ],
            ),
            (
                "02",
                "Beton- und Stahlbetonarbeiten",
                [
                    ("0010", "Sauberkeitsschicht C12/15, d = 5 cm", "188.400", "m2", {}),
                    ("0020", "Bodenplatte C25/30, d = 25 cm", "46.260", "m3", {}),
                    ("0030", "Schalung Plattenränder", "58.900", "m", {}),
                    ("0040", "Betonstahl B500B", "5.840", "t", {"breakdown": True}),
                    ("0050", "Stahlbetondecke C25/30, d = 20 cm", "41.170", "m3", {}),
                    ("0060", "Aussparungen bis 0,10 m²", "22.000", "St", {}),
                    ("0070", "Stahlbetonstütze 24/24", "6.000", "Stk", {"index": "A"}),
                    ("0070", "Stahlbetonstütze 30/30", "2.000", "Stck", {"index": "B"}),
                ],
            ),
            (
                "03",
                "Mauerarbeiten",
                [
                    ("0010", "Außenmauerwerk Hochlochziegel 36,5 cm", "265.330", "m2", {"group": ("1", "0")}),
                    ("0020", "Wie vor, jedoch Porenbeton", "265.330", "m2", {"group": ("1", "1")}),
                    ("0030", "Innenmauerwerk KS 17,5 cm", "148.720", "m2", {}),
                    ("0040", "Nichttragende Wände KS 11,5 cm", "97.450", "m2", {}),
                    ("0050", "Ziegelstürze bis 1,51 m", "18.000", "St", {}),
                    ("0060", "Mauerwerk abbrechen", "3.000", "m3", {"void": True}),
                    ("0070", "Zuschlag für Kleinmengen", None, "", {"markup": True}),
                ],
            ),
        ],
    ),
    (
        "03",
        "Ausbauarbeiten",
        [
            (
                "01",
                "Putz- und Malerarbeiten",
                [
                    ("0010", "Innenputz Gips, d = 15 mm", "612.380", "m2", {}),
                    ("0020", "Außenputz zweilagig", "284.150", "m2", {"gap": True}),
                    ("0030", "Dispersionsanstrich", "1120.000", "m2", {}),
                    ("0040", "Eckschutzschienen", "148.000", "m", {}),
                    ("0050", "Laibungen verputzen", "92.600", "lfdm", {}),
                ],
            ),
            (
                "02",
                "Fliesenarbeiten",
                [
                    ("0010", "Bodenfliesen 30/60, R10", "74.250", "m2", {"gap": True, "table": True}),
                    ("0020", "Wandfliesen 20/40", "138.900", "m2", {}),
                    ("0030", "Abdichtung AIV-F", "96.480", "m2", {}),
                    ("0040", "Sockelfliesen", "61.350", "m", {}),
                    ("0050", "Silikonfugen", None, "m", {"tbd": True}),
                ],
            ),
            (
                "03",
                "Stundenlohnarbeiten",
                [
                    ("0010", "Facharbeiter", "40.000", "h", {"hourly": True}),
                    ("0020", "Helfer", "24.000", "h", {"hourly": True}),
                    ("0030", "Bagger mit Bedienung", "8.000", "h", {"hourly": True}),
                ],
            ),
        ],
    ),
]
#: The unit price of each position of the sample, by its number; positions without one are dropped or open.
PRICES = {
    "01.0010": "8450.00",
    "01.0020": "2100.00",
    "01.0030": "12.35",
    "01.0040": "9.875",
    "01.0050": "0.333",
    "02.01.0010": "3.95",
    "02.01.0020": "18.405",
    "02.01.0030": "27.10",
    "02.01.0040": "22.50",
    "02.01.0050": "96.00",
    "02.01.0060": "21.745",
    "02.02.0010": "9.80",
    "02.02.0020": "214.50",
    "02.02.0030": "17.25",
    "02.02.0040": "1985.00",
    "02.02.0050": "248.00",
    "02.02.0060": "31.50",
    "02.02.0070.A": "312.00",
    "02.02.0070.B": "398.00",
    "02.03.0010": "118.345",
    "02.03.0020": "109.90",
    "02.03.0030": "72.15",
    "02.03.0040": "58.60",
    "02.03.0050": "44.00",
    "02.03.0070": "350.00",
    "03.01.0010": "19.455",
    "03.01.0020": "46.30",
    "03.01.0030": "6.75",
    "03.01.0040": "5.15",
    "03.01.0050": "11.95",
    "03.02.0010": "74.80",
    "03.02.0020": "69.90",
    "03.02.0030": "28.35",
    "03.02.0040": "14.60",
    "03.02.0050": "4.90",
    "03.03.0010": "58.00",
    "03.03.0020": "46.50",
    "03.03.0030": "92.00",
}
NAMESPACES = {"3.1": "http://www.gaeb.de/GAEB_DA_XML/200407"}
DATES = {"3.1": "2009-12", "3.2": "2013-10", "3.3": "2021-05"}


def make_tender(version="3.3", phase="83", bill=None, encoding="utf-8", digits="3", has_texts=True):
    """Give the bytes of the tender, in the version of the standard and the encoding asked for."""
    namespace = NAMESPACES.get(version, f"http://www.gaeb.de/GAEB_DA_XML/DA{phase}/{version}")
    maker = _Maker(has_texts)
    body = maker.body(BILL if bill is None else bill)
    text = f"""<?xml version="1.0" encoding="{encoding}"?>
<GAEB xmlns="{namespace}">
  <GAEBInfo>
    <Version>{version}</Version>
    <VersDate>{DATES[version]}</VersDate>
    <Date>2026-03-02</Date>
    <ProgSystem>Planungsbüro Grün AVA</ProgSystem>
  </GAEBInfo>
  <PrjInfo>
    <NamePrj>2026-014</NamePrj>
    <LblPrj>Neubau Kindertagesstätte Schönbrunn</LblPrj>
    <Cur>EUR</Cur>
    <CurLbl>Euro</CurLbl>
    <BidCommPerm>No</BidCommPerm>
    <UPFracDig>{digits}</UPFracDig>
  </PrjInfo>
  <Award>
    <DP>{phase}</DP>
    <AwardInfo>
      <Cat>OpenCall</Cat>
      <OpenDate>2026-04-14</OpenDate>
      <OpenTime>10:00:00</OpenTime>
    </AwardInfo>
    <OWN>
      <Address>
        <Name1>Stadt Schönbrunn</Name1>
        <Name2>Amt für Hochbau</Name2>
        <Street>Rathausplatz 1</Street>
        <PCode>97421</PCode>
        <City>Schönbrunn</City>
      </Address>
    </OWN>
    <BoQ ID="boq-1">
      <BoQInfo>
        <Name>LV 014</Name>
        <LblBoQ>Rohbau und Ausbau</LblBoQ>
        <OutlCompl>AllTxt</OutlCompl>
        <BoQBkdn><Type>BoQLevel</Type><LblBoQBkdn>Gewerk</LblBoQBkdn><Length>2</Length><Num>Yes</Num></BoQBkdn>
        <BoQBkdn><Type>BoQLevel</Type><LblBoQBkdn>Titel</LblBoQBkdn><Length>2</Length><Num>Yes</Num></BoQBkdn>
        <BoQBkdn><Type>Item</Type><Length>4</Length><Num>Yes</Num></BoQBkdn>
        <BoQBkdn><Type>Index</Type><Length>1</Length><Num>No</Num></BoQBkdn>
        <NoUPComps>3</NoUPComps>
        <LblUPComp1 Type="Wages">Lohn</LblUPComp1>
        <LblUPComp2 Type="Materials">Stoffe</LblUPComp2>
        <LblUPComp3 Type="Miscellaneous">Sonstiges</LblUPComp3>
      </BoQInfo>
      {body}
    </BoQ>
  </Award>
</GAEB>
"""
    return text.encode(encoding)


class _Maker:
    def __init__(self, has_texts):
        self.has_texts = has_texts

    def body(self, entries, number=""):
        # A category has a list of entries where a position has its quantity.
        if entries and isinstance(entries[0][2], list):
            inner = "\n".join(self.category(entry, number) for entry in entries)
            remark = self.remark("Es gelten die VOB/B und VOB/C.", "remark-0") if not number else ""
            return f"<BoQBody>{remark}{inner}</BoQBody>"
        inner = "\n".join(self.position(entry, number) for entry in entries)
        remark = self.remark(f"Vorbemerkung zu {number}: Maße am Bau prüfen.", f"remark-{number}")
        return f"<BoQBody><Itemlist>{remark}{inner}</Itemlist></BoQBody>"

    def category(self, entry, above):
        part, name, entries = entry
        number = f"{above}.{part}".strip(".")
        return (
            f'<BoQCtgy ID="c-{number}" RNoPart="{part}"><LblTx><p><span>{escape(name)}</span></p></LblTx>'
            f"{self.body(entries, number)}</BoQCtgy>"
        )

    def position(self, entry, above):
        part, name, quantity, unit, extras = entry
        index = extras.get("index", "")
        number = f"{above}.{part}" + (f".{index}" if index else "")
        tag = "MarkupItem" if extras.get("markup") else "Item"
        attributes = f'ID="i-{number}" RNoPart="{part}"' + (f' RNoIndex="{index}"' if index else "")
        return f"<{tag} {attributes}>{''.join(self.parts(name, quantity, unit, extras))}</{tag}>"

    def parts(self, name, quantity, unit, extras):
        if extras.get("group"):
            group, serial = extras["group"]
            yield f"<ALNGroupNo>{group}</ALNGroupNo><ALNSerNo>{serial}</ALNSerNo>"
        if extras.get("provis"):
            yield f"<Provis>{extras['provis']}</Provis>"
        marks = {"lump": "LumpSumItem", "void": "NotAppl", "hourly": "HourIt", "breakdown": "UPBkdn", "tbd": "QtyTBD"}
        yield from (f"<{tag}>Yes</{tag}>" for key, tag in marks.items() if extras.get(key))
        if extras.get("markup"):
            yield "<MarkupType>AllInCat</MarkupType>"
        elif not extras.get("tbd"):
            yield f"<Qty>{quantity or '1.000'}</Qty>"
        if unit:
            yield f"<QU>{unit}</QU>"
        if self.has_texts:
            yield self.description(name, extras)

    def description(self, name, extras):
        table = gap = ""
        if extras.get("table"):
            table = (
                "<table><tr><td><p><span>Lage</span></p></td><td><p><span>Maß</span></p></td></tr>"
                "<tr><td><p><span>Süd</span></p></td><td><p><span>12,50 m</span></p></td></tr></table>"
            )
        if extras.get("gap"):
            gap = (
                '<TextComplement MarkLbl="1" Kind="Bidder"><ComplCaption><p><span>Angebotenes Fabrikat:</span></p>'
                "</ComplCaption><ComplBody/><ComplTail><p><span>(vom Bieter)</span></p></ComplTail></TextComplement>"
            )
        return (
            "<Description><CompleteText><DetailTxt><Text>"
            f'<p><span style="font-weight:bold">{escape(name)}</span></p>'
            "<p><span>Liefern und einbauen,</span><br/><span>einschließlich Nebenleistungen:</span></p>"
            "<ul><li><p><span>Maße &#8805; Plan</span></p></li><li><p><span>Güte nach DIN</span></p></li></ul>"
            f"{table}</Text>{gap}</DetailTxt><OutlineText><OutlTxt><TextOutlTxt><p><span>{escape(name)}</span></p>"
            "</TextOutlTxt></OutlTxt></OutlineText></CompleteText></Description>"
        )

    def remark(self, text, identifier):
        if not self.has_texts:
            return ""
        return (
            f"<Remark ID={quoteattr(identifier)}><Description><CompleteText><DetailTxt><Text><p><span>{escape(text)}"
            "</span></p></Text></DetailTxt><OutlineText><OutlTxt><TextOutlTxt><p><span>Hinweis</span></p>"
            "</TextOutlTxt></OutlTxt></OutlineText></CompleteText></Description></Remark>"
        )
