"""Asking a public register of companies: what comes back, and what can go wrong on the way.

Plain Python. A register knows how to ask (`make_request`) and how to read the answer (`read_answer`);
the network is in one function here, so that limits and guards are the same for all of them.
"""

import time
from dataclasses import dataclass, fields, replace

import requests

# Seconds: without a connection or a byte, and for the whole answer.
READ_TIMEOUT = 10
WHOLE_TIMEOUT = 20
MOST_BYTES = 256 * 1024
CHUNK = 16 * 1024
# A text of a register is one line of a form.
LONGEST_TEXT = 256

TIMEOUT = "timeout"
CLOSED = "closed"
BUSY = "busy"
UNREADABLE = "unreadable"
UNKNOWN = "unknown"


class RegisterError(Exception):
    """A register gave no company; `kind` is one of the words above."""

    def __init__(self, kind, detail=""):
        super().__init__(kind, detail)
        self.kind = kind
        self.detail = detail


@dataclass(frozen=True)
class Company:
    """What a register says of a company; what it does not say is empty."""

    name: str = ""
    street: str = ""
    zip: str = ""
    city: str = ""
    state: str = ""
    registration: str = ""
    phone: str = ""
    is_vat_payer: bool | None = None
    is_inactive: bool = False

    @property
    def is_complete(self):
        """Name and whole address are there: no other register needs to be asked."""
        return all((self.name, self.street, self.zip, self.city))

    def fill_with(self, other):
        """What is missing here taken from another answer.

        >>> Company(name="A").fill_with(Company(name="B", city="Cluj")).city
        'Cluj'
        """
        empty = {
            field.name: getattr(other, field.name)
            for field in fields(self)
            if getattr(self, field.name) in ("", None) and getattr(other, field.name) not in ("", None)
        }
        if not self.street and other.street:
            # An address is taken whole: half of one and half of another lead nowhere.
            empty |= {name: getattr(other, name) for name in ("street", "zip", "city", "state")}
        return replace(self, is_inactive=self.is_inactive or other.is_inactive, **empty)


@dataclass(frozen=True)
class Request:
    """What is posted to a register: nothing but the number is in it."""

    body: bytes
    headers: dict


def one_line(value):
    """A text of a register on one line, without control characters and not without end; empty for no text.

    >>> one_line(" SC  Casa\\n Nouă\\x00 SRL ")
    'SC Casa Nouă SRL'
    >>> one_line(12), one_line("---")
    ('', '')
    """
    if not isinstance(value, str):
        return ""
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in value).split())
    return "" if not text.strip("-. ") else text[:LONGEST_TEXT]


def ask(register, tax_id, timeout=READ_TIMEOUT, whole_timeout=WHOLE_TIMEOUT):
    """Ask one register for a company.

    :param register: has `url`, `make_request(tax_id)` and `read_answer(status, body)`
    :param timeout: seconds to wait for a connection or a byte; `whole_timeout`: for the whole answer
    :return: Company
    :raise RegisterError: whatever the register or the way to it does
    """
    if not register.url.startswith(("https://", "http://")):
        raise RegisterError(CLOSED, "address")
    request = register.make_request(tax_id)
    started = time.monotonic()
    try:
        # Redirects are not followed: the number goes to that host and to no other.
        with requests.post(
            register.url,
            data=request.body,
            headers=request.headers | {"User-Agent": "Odoo"},
            timeout=timeout,
            allow_redirects=False,
            stream=True,
        ) as response:
            if response.is_redirect or 300 <= response.status_code < 400:
                raise RegisterError(CLOSED, "redirect")
            body = _read_body(response, started + whole_timeout)
            status = response.status_code
    except requests.Timeout as error:
        raise RegisterError(TIMEOUT) from error
    except (requests.RequestException, OSError, ValueError) as error:
        raise RegisterError(CLOSED) from error
    if status in (429, 503):
        raise RegisterError(BUSY)
    return register.read_answer(status, body)


def _read_body(response, end):
    """The answer, as far as it is not too long and does not drip for too long."""
    body = bytearray()
    for chunk in response.iter_content(CHUNK):
        body += chunk
        if len(body) > MOST_BYTES:
            raise RegisterError(UNREADABLE, "size")
        if time.monotonic() > end:
            raise RegisterError(TIMEOUT)
    return bytes(body)
