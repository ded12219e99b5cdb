"""Fill the placeholders of a text, such as {client_name}: names only, nothing is ever executed.

Plain text in, plain text out. Values are put in as they are: whoever fills a text with markup escapes them first.
"""

import re

# What stands between braces within one piece of text; a tag inside means the braces are something else.
_PLACEHOLDER = re.compile(r"\{([^{}<>\n]{1,60})\}")
_SPACE = re.compile(r"(?:\s|&nbsp;|\u00a0)+")


def find(text):
    """The placeholders of a text, each once, in the order in which they come.

    >>> find("<p>{client_name} and { company_name }, {client_name}</p>")
    ['client_name', 'company_name']
    >>> find("{client&nbsp;name}"), find(""), find("{}{<b>x</b>}")
    (['client name'], [], [])
    """
    return list(dict.fromkeys(_clean(match[1]) for match in _PLACEHOLDER.finditer(text or "")))


def fill(text, values):
    """The text with its placeholders replaced; what `values` does not know stays as it is.

    >>> fill("<p>{client_name} pays {amount} to {who}.</p>", {"client_name": "Ana", "amount": "5 €"})
    '<p>Ana pays 5 € to {who}.</p>'
    >>> fill("{a}", {"a": "{b}", "b": "never"})
    '{b}'
    """
    return _PLACEHOLDER.sub(lambda match: str(values.get(_clean(match[1]), match[0])), text or "")


def _clean(name):
    return _SPACE.sub(" ", name).strip()
