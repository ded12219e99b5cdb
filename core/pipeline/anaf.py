"""The register of companies of Romania's tax administration (ANAF): a JSON question and its answer."""

import datetime
import json

from .tax_register import CLOSED, UNKNOWN, UNREADABLE, Company, RegisterError, Request, one_line

URL = "https://webservicesp.anaf.ro/api/PlatitorTvaRest/v9/tva"


class Anaf:
    """Romania's companies, whether or not they pay VAT."""

    name = "ANAF"
    countries = frozenset(["RO"])

    def __init__(self, url=URL, today=datetime.date.today):
        self.url = url
        self.today = today

    def make_request(self, tax_number):
        """The question about one number, as of today.

        >>> from .tax_number import TaxId
        >>> Anaf(today=lambda: datetime.date(2026, 1, 15)).make_request(TaxId("RO", "14399840")).body
        b'[{"cui": 14399840, "data": "2026-01-15"}]'
        """
        question = [{"cui": int(tax_number.number), "data": self.today().isoformat()}]
        return Request(json.dumps(question).encode(), {"Content-Type": "application/json"})

    def read_answer(self, status, body):
        """The company in an answer; RegisterError where there is none."""
        try:
            answer = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise RegisterError(CLOSED if status >= 500 else UNREADABLE, "json") from error
        found = answer.get("found") if isinstance(answer, dict) else None
        # The register says "not found" as an answer, too.
        if isinstance(found, list) and not found and status in (200, 404):
            raise RegisterError(UNKNOWN)
        if status != 200:
            raise RegisterError(CLOSED, str(status))
        if not isinstance(found, list) or not isinstance(found[0], dict):
            raise RegisterError(UNREADABLE, "answer")
        return self._read_company(found[0])

    def _read_company(self, row):
        general = _part(row, "date_generale")
        name = one_line(general.get("denumire"))
        if not name:
            raise RegisterError(UNREADABLE, "name")
        vat = _part(row, "inregistrare_scop_Tva").get("scpTVA")
        inactive = _part(row, "stare_inactiv").get("statusInactivi")
        return Company(
            name=name,
            registration=one_line(general.get("nrRegCom")),
            phone=one_line(general.get("telefon")),
            is_vat_payer=vat if isinstance(vat, bool) else None,
            is_inactive=inactive is True,
            **self._read_address(row, general),
        )

    def _read_address(self, row, general):
        """The seat of the company, or what its line of text says."""
        seat = _part(row, "adresa_sediu_social")
        street = one_line(seat.get("sdenumire_Strada"))
        if not street and not one_line(seat.get("sdenumire_Localitate")):
            return {"street": one_line(general.get("adresa")), "zip": one_line(general.get("codPostal"))}
        number = one_line(seat.get("snumar_Strada"))
        details = one_line(seat.get("sdetalii_Adresa"))
        return {
            "street": ", ".join(part for part in (f"{street} {number}".strip(), details) if part),
            "zip": one_line(seat.get("scod_Postal")) or one_line(general.get("codPostal")),
            "city": _town(one_line(seat.get("sdenumire_Localitate"))),
            "state": one_line(seat.get("sdenumire_Judet")).removeprefix("JUDEŢUL ").removeprefix("JUDEȚUL "),
        }


def _town(name):
    """A town without the word for what kind of town it is.

    >>> _town("Mun. Cluj-Napoca"), _town("Sector 1 Mun. București"), _town("Sat Florești Com. Florești")
    ('Cluj-Napoca', 'București, Sector 1', 'Florești')
    """
    before, kind, town = name.partition("Mun. ")
    if kind and before.strip():
        return f"{town}, {before.strip()}"
    if kind:
        return town
    name = name.partition(" Com. ")[0]
    for word in ("Sat ", "Oraş ", "Oraș ", "Com. ", "Loc. "):
        name = name.removeprefix(word)
    return name


def _part(row, name):
    """A named part of a row, empty where it is anything but one."""
    part = row.get(name)
    return part if isinstance(part, dict) else {}
