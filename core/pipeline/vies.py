"""VIES, the European Commission's register of the numbers of VAT payers: a SOAP question and its answer."""

import re
from xml.sax.saxutils import escape

from lxml import etree

from .tax_number import EU_COUNTRIES
from .tax_register import BUSY, CLOSED, UNKNOWN, UNREADABLE, Company, RegisterError, Request, one_line

URL = "https://ec.europa.eu/taxation_customs/vies/services/checkVatService"
TYPES = "urn:ec.europa.eu:taxud:vies:services:checkVat:types"
ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">'
    '<soapenv:Body><checkVat xmlns="{types}"><countryCode>{country}</countryCode><vatNumber>{number}</vatNumber>'
    "</checkVat></soapenv:Body></soapenv:Envelope>"
)
# Words of the service for "ask again later".
BUSY_FAULTS = ("MAX_CONCURRENT_REQ", "UNAVAILABLE", "TIMEOUT", "SERVER_BUSY")

ZIP_CITY = re.compile(
    r"^(?:[A-Z]{1,2}[- ])?(?P<zip>\d{2}-\d{3}|\d{4}-\d{3}|\d{4} ?[A-Z]{2}(?= )|\d{3} ?\d{2}|\d{4,6})\s+(?P<city>\D.*)$"
)
RO_CITY = re.compile(r"\b(?:MUNICIPIUL|MUN\.|ORAŞ|ORAȘ|ORS\.|OR\.|COMUNA|COM\.|SAT)\s*(?P<city>[^,]+)", re.IGNORECASE)
RO_COUNTY = re.compile(r"\b(?:JUDEŢUL|JUDEȚUL|JUD\.)\s*(?P<county>[^,]+)", re.IGNORECASE)


class Vies:
    """The register of all countries of the European Union."""

    name = "VIES"
    countries = EU_COUNTRIES

    def __init__(self, url=URL):
        self.url = url

    def make_request(self, tax_number):
        """The question about one number.

        >>> from .tax_number import TaxId
        >>> b"<countryCode>RO</countryCode><vatNumber>14399840</vatNumber>" in Vies().make_request(
        ...     TaxId("RO", "14399840")
        ... ).body
        True
        """
        body = ENVELOPE.format(types=TYPES, country=escape(tax_number.prefix), number=escape(tax_number.number))
        return Request(body.encode(), {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'})

    def read_answer(self, status, body):
        """The company in an answer; RegisterError where there is none."""
        answer = _parse(body)
        fault = answer.findtext(".//{*}Fault/faultstring") or answer.findtext(".//{*}Fault/{*}Reason/{*}Text")
        if fault is not None:
            raise _fault_error(fault)
        found = answer.find(f".//{{{TYPES}}}checkVatResponse")
        if found is None or status != 200:
            raise RegisterError(UNREADABLE, "answer")
        valid = (found.findtext(f"{{{TYPES}}}valid") or "").strip()
        if valid not in ("true", "1"):
            raise RegisterError(UNKNOWN if valid in ("false", "0") else UNREADABLE, "valid")
        country = (found.findtext(f"{{{TYPES}}}countryCode") or "").strip()
        address = read_address(found.findtext(f"{{{TYPES}}}address") or "", country)
        name = one_line(found.findtext(f"{{{TYPES}}}name") or "")
        return Company(name=name, is_vat_payer=True, **address)


def _parse(body):
    """The answer as a tree; nothing outside of it is ever read."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        answer = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise RegisterError(UNREADABLE, "xml") from error
    if answer.getroottree().docinfo.doctype:
        raise RegisterError(UNREADABLE, "doctype")
    return answer


def _fault_error(fault):
    if any(word in fault for word in BUSY_FAULTS):
        return RegisterError(BUSY, one_line(fault))
    return RegisterError(UNKNOWN if "INVALID_INPUT" in fault else CLOSED, one_line(fault))


def read_address(text, country=""):
    """The parts of an address that the register gives as lines of text.

    >>> read_address("RUE DE LA LOI 200\\n1040 BRUXELLES")
    {'street': 'RUE DE LA LOI 200', 'zip': '1040', 'city': 'BRUXELLES'}
    >>> read_address("JUD. CLUJ, MUN. CLUJ-NAPOCA\\nSTR. LUNGĂ NR. 5", "RO")
    {'street': 'STR. LUNGĂ NR. 5', 'city': 'CLUJ-NAPOCA', 'state': 'CLUJ'}
    >>> read_address("Somewhere")
    {'street': 'Somewhere'}
    >>> read_address("---")
    {}
    """
    lines = [line for line in map(one_line, text.splitlines()) if line]
    if country == "RO":
        return _read_romanian(lines)
    if len(lines) == 1 and "," in lines[0]:
        lines = [one_line(part) for part in lines[0].rsplit(",", 1)]
    for place in range(len(lines) - 1, -1, -1):
        match = ZIP_CITY.match(lines[place])
        if match:
            parts = {"street": ", ".join(lines[:place]), **match.groupdict()}
            return {name: one_line(part) for name, part in parts.items() if one_line(part)}
    return {"street": ", ".join(lines)} if lines else {}


def _read_romanian(lines):
    """County and town stand before the street, on a line of their own or on the same."""
    whole = ", ".join(lines)
    city, county = RO_CITY.search(whole), RO_COUNTY.search(whole)
    places = {match.group(0).strip() for match in (city, county) if match}
    street = [part.strip() for part in whole.split(",") if part.strip() and part.strip() not in places]
    parts = {
        "street": ", ".join(street),
        "city": one_line(city["city"]) if city else "",
        "state": one_line(county["county"]) if county else "",
    }
    return {name: part for name, part in parts.items() if part}
