"""A register of companies on this very machine: a real HTTP server that answers as the test tells it to."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

VIES_ANSWER = """<?xml version="1.0" encoding="{encoding}"?>
<env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/"><env:Body>
<ns2:checkVatResponse xmlns:ns2="urn:ec.europa.eu:taxud:vies:services:checkVat:types">
<ns2:countryCode>{country}</ns2:countryCode><ns2:vatNumber>{number}</ns2:vatNumber>
<ns2:requestDate>2026-01-15+01:00</ns2:requestDate><ns2:valid>{valid}</ns2:valid>
<ns2:name>{name}</ns2:name><ns2:address>{address}</ns2:address>
</ns2:checkVatResponse></env:Body></env:Envelope>"""
VIES_FAULT = """<env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/"><env:Body><env:Fault>
<faultcode>env:Server</faultcode><faultstring>{fault}</faultstring></env:Fault></env:Body></env:Envelope>"""


def vies_answer(name="CASA NOUA SRL", address="JUD. CLUJ, MUN. CLUJ-NAPOCA\nSTR. LUNGA NR. 5", **parts):
    """The SOAP answer for a number that VIES knows, in bytes."""
    parts = {"country": "RO", "number": "14399840", "valid": "true", "encoding": "UTF-8", **parts}
    return VIES_ANSWER.format(name=name, address=address, **parts).encode(parts["encoding"])


def anaf_answer(**general):
    """The JSON answer for a number that ANAF knows, in bytes."""
    company = {
        "date_generale": {
            "cui": 14399840,
            "denumire": "CASA NOUĂ SRL",
            "nrRegCom": "J12/345/2002",
            "telefon": "0264123456",
            "adresa": "JUD. CLUJ, MUN. CLUJ-NAPOCA, STR. LUNGĂ, NR.5",
            "codPostal": "400123",
            **general,
        },
        "inregistrare_scop_Tva": {"scpTVA": True},
        "stare_inactiv": {"statusInactivi": False},
        "adresa_sediu_social": {
            "sdenumire_Strada": "Str. Lungă",
            "snumar_Strada": "5",
            "sdenumire_Localitate": "Mun. Cluj-Napoca",
            "sdenumire_Judet": "CLUJ",
            "scod_Postal": "400123",
            "sdetalii_Adresa": "",
        },
    }
    return json.dumps({"cod": 200, "message": "SUCCESS", "found": [company], "notFound": []}).encode()


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        server = self.server
        server.requests.append((self.path, dict(self.headers), body))
        answer = server.answers.get(self.path, (404, b""))
        status, content, *options = answer
        options = options[0] if options else {}
        time.sleep(options.get("wait", 0))
        self.send_response(status)
        for name, value in options.get("headers", {}).items():
            self.send_header(name, value)
        self.end_headers()
        try:
            for part in options.get("parts", [content]):
                self.wfile.write(part)
                self.wfile.flush()
                time.sleep(options.get("pause", 0))
        except OSError:
            # Whoever asked has heard enough.
            return

    do_GET = do_POST

    def log_message(self, *args):
        """Nothing into the log of the tests."""


class RegisterServer:
    """`answers`: {path: (status, bytes, options)}; `requests`: what was asked, [(path, headers, body)]."""

    def __init__(self):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.answers = self.answers = {}
        self.server.requests = self.requests = []
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
