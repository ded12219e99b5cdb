"""A copy of a tender that can be answered: elements in the order of the standard, under the name of an offer."""

import re

from lxml import etree

from .xmlfile import NAMESPACE, child, children, local, value

PROGRAM = "Construction CRM for Odoo"
UP_PARTS = [f"UPComp{number}" for number in range(1, 7)]
#: The order of what may be written or stand behind it; what is not listed stands first.
ORDER = {
    "Item": [
        *("NotOffered", "HourIt", "KeyIt", "UPBkdn", "MarkupIt", "CONo", "COStatus", "RefDescr", "RefRNo", "RefPerfNo"),
        *("HoldOutType", "UseDur", "UseDurLblTime", "RefBaseItem", "QtyTBD", "Qty", "QtySplit", "PredQty", "BillQty"),
        *("QU", "CtlgAssign", "UP", *UP_PARTS, "DiscountPcnt", "IT", "VAT", "PriceInfo", "TimeQu", "Description"),
        *("BidComm", "SumDescr", "SubDescr", "Product", "AlterBidStatus", "CostApproach", "CheckNote", "QtyDeterm"),
        *("BidUpDownReq", "BidUpDownPct"),
    ],
    "MarkupItem": ["ITMarkup", "Markup", "DiscountPcnt", "IT", "Description", "CtlgAssign", "AlterBidStatus"],
    "BoQCtgy": ["BoQBody", "Totals", "AlterBidStatus", "BidUpDownReq", "BidUpDownPct"],
    "BoQInfo": ["BoQBkdn", "NoUPComps", "CtlgAssign", "Totals", "Ctlg", "CostType", "QtyDetermInfo"],
    "Award": ["CTR", "CnstSite", "NotifSite", "AddText", "BoQ", "WgChange"],
    "GAEBInfo": ["Version", "VersDate", "Date", "Time", "ProgSystem", "ProgName", "Certific"],
    "PrjInfo": ["NamePrj", "PrjID", "LblPrj"],
    "AwardInfo": ["BoQID", "Cat", "SpecialType", "Cur", "CurLbl", "BidDate", "OpenDate"],
}
#: What an offer is made of by the standard, texts left out.
KEPT = {
    "GAEB": {"GAEBInfo", "PrjInfo", "Award"},
    "GAEBInfo": {"Version", "VersDate", "Date"},
    "PrjInfo": {"NamePrj", "PrjID", "LblPrj"},
    "Award": {"DP", "AwardInfo", "BoQ"},
    "AwardInfo": {"BoQID", "Cur", "CurLbl"},
    "BoQ": {"BoQInfo", "BoQBody", "LotGrp"},
    "BoQInfo": {"Name", "BoQBkdn"},
    "BoQBkdn": {"Type", "LblBoQBkdn", "Length", "Num", "Alignment"},
    "BoQBody": {"BoQCtgy", "Itemlist", "Item", "MarkupItem"},
    "BoQCtgy": {"BoQBody"},
    "Itemlist": {"Item", "MarkupItem"},
    "Item": {"Qty", "VAT"},
    "MarkupItem": set(),
    "LotGrp": {"LotGrNo"},
}
#: What is never taken over: the prices of somebody else.
DROPPED = {
    "Item": {"NotOffered", "UP", *UP_PARTS, "DiscountPcnt", "IT"},
    "MarkupItem": {"ITMarkup", "Markup", "DiscountPcnt", "IT"},
    "BoQCtgy": {"Totals"},
    "BoQInfo": {"Totals"},
    "LotGrp": {"Totals"},
    "Award": {"CTR"},
    "GAEBInfo": {"Certific"},
}


def put(parent, name, text=None):
    """Put an element where the standard wants it, or change the one that is there."""
    found = child(parent, name)
    if found is None:
        found = etree.Element(f"{{{etree.QName(parent).namespace}}}{name}")
        order = ORDER.get(local(parent), [])
        later = set(order[order.index(name) + 1 :]) if name in order else set()
        after = next((inner for inner in parent if local(inner) in later), None)
        if after is None:
            parent.append(found)
        else:
            after.addprevious(found)
    if text is not None:
        found.text = text
    return found


class Twin:
    """The copy, and which element of it belongs to which category and position of the tender."""

    def __init__(self, bill, has_texts):
        self.has_texts = has_texts
        self.namespace = get_namespace(bill.root)
        self.twins = {}
        self.wanted = {id(entry.element) for entry in (*bill.categories, *bill.positions)}
        self.root = etree.Element(self.tag("GAEB"), nsmap={None: self.namespace})
        self.fill(self.root, bill.root)
        award = child(self.root, "Award")
        self.info = child(award, "BoQ", "BoQInfo")
        if self.info is None:
            self.info = etree.Element(self.tag("BoQInfo"))
            child(award, "BoQ").insert(0, self.info)
        self.lot_groups = list(children(child(award, "BoQ"), "LotGrp"))

    @property
    def has_not_offered(self):
        """Tell whether this version of the standard can say that a position is not offered: from 3.2 on."""
        return "/DA84/" in self.namespace and not self.namespace.endswith("/3.1")

    def tag(self, name):
        return f"{{{self.namespace}}}{name}"

    def of(self, entry):
        return self.twins[id(entry.element)]

    def drop(self, entry):
        """Leave a position out that the client dropped; with texts, its mark says so."""
        if not self.has_texts:
            self.of(entry).getparent().remove(self.of(entry))

    def fill(self, target, source):
        name = local(source)
        kept = None if self.has_texts else KEPT.get(name)
        dropped = DROPPED.get(name, ())
        target.text = source.text if self.has_texts or not len(source) else None
        for inner in source:
            inner_name = local(inner)
            if not inner_name or inner_name in dropped or (kept is not None and inner_name not in kept):
                continue
            copy = etree.SubElement(target, self.tag(inner_name))
            for key, text in inner.attrib.items():
                if not key.startswith("{"):
                    copy.set(key, text)
            copy.tail = inner.tail if self.has_texts else None
            if id(inner) in self.wanted:
                self.twins[id(inner)] = copy
            self.fill(copy, inner)

    def fill_head(self, bidder, today, currency):
        """Say who offers what, when, in which currency."""
        info = self.need(self.root, "GAEBInfo", 0)
        version = re.search(r"(\d\.\d)$", self.namespace)
        put(info, "Version", value(info, "Version") or (version.group(1) if version else "3.1"))
        put(info, "Date", today.isoformat())
        put(info, "ProgSystem", PROGRAM)
        project = child(self.root, "PrjInfo")
        if project is not None and not value(project, "NamePrj"):
            put(project, "NamePrj", value(project, "LblPrj")[:60] or "-")
        award = child(self.root, "Award")
        self.need(award, "DP", 0).text = "84"
        awarded = self.need(award, "AwardInfo", 1)
        if currency:
            put(awarded, "Cur", currency)
        put(awarded, "BidDate", today.isoformat())
        write_bidder(put(award, "CTR"), bidder)
        if not value(self.info, "Name"):
            self.need(self.info, "Name", 0).text = "LV"

    def need(self, parent, name, place):
        found = child(parent, name)
        if found is None:
            found = etree.Element(self.tag(name))
            parent.insert(place, found)
        return found

    def to_bytes(self):
        return to_bytes(self.root, is_pretty=not self.has_texts)


def get_namespace(root):
    """Give the namespace of the offer that answers a tender: the same version of the standard."""
    namespace = etree.QName(root).namespace
    if not namespace:
        return f"{NAMESPACE}DA84/3.2"
    return re.sub(r"/DA\d\d[A-Z]*/", "/DA84/", namespace)


def write_bidder(element, bidder):
    """Write the address of who offers, each line as long as the standard lets it be."""
    address = put(element, "Address")
    name = bidder.name or "-"
    lines = [("Name1", name[:40]), ("Name2", name[40:80]), ("Street", bidder.street[:40] or "-")]
    lines += [("PCode", bidder.zip[:20] or "-"), ("City", bidder.city[:40] or "-"), ("Country", bidder.country[:40])]
    lines += [("Contact", bidder.contact[:40]), ("Phone", bidder.phone[:20]), ("Email", bidder.email[:256])]
    lines.append(("VATID", bidder.vat[:80]))
    for tag, text in lines:
        if text.strip():
            put(address, tag, clean(text))


def clean(text):
    """Drop what XML cannot hold.

    >>> clean("wall\\x00 and\\x0bceiling")
    'wall andceiling'
    """
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)


def to_bytes(root, is_pretty=True):
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=is_pretty)
