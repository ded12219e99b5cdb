"""Refreshes translations; runs in the environment, which has polib.

    python po_files.py FRESH.pot I18N_FOLDER [--check]

Writes the template and merges every .po with it, in the template's order. Dates change only with the content.
"""

import sys
from pathlib import Path

import polib

WRAP = 78
DATES = ("POT-Creation-Date", "PO-Revision-Date")


def text(catalogue):
    """The file as text."""
    return str(catalogue)


def without_dates(catalogue):
    """The file's text without what changes at every export."""
    kept = dict(catalogue.metadata)
    for name in DATES:
        catalogue.metadata.pop(name, None)
    found = text(catalogue)
    catalogue.metadata = kept
    return found


def fresh_template(path):
    """The template as exported, in a stable form."""
    catalogue = polib.pofile(str(path), wrapwidth=WRAP)
    catalogue.sort(key=lambda entry: (entry.msgid, entry.msgctxt or ""))
    for entry in catalogue:
        entry.occurrences.sort()
    return catalogue


def merged(path, template):
    """A translation brought in step with the template; nothing that was translated is thrown away."""
    old = polib.pofile(str(path), wrapwidth=WRAP)
    old.merge(template)
    order = {entry.msgid: index for index, entry in enumerate(template)}
    kept = [entry for entry in old if not entry.obsolete or entry.msgstr]
    kept.sort(key=lambda entry: (entry.obsolete, order.get(entry.msgid, 0), entry.msgid))
    old[:] = kept
    return old


def write(path, catalogue):
    """Write the file unless only its dates would change; whether it was written."""
    if path.exists():
        before = polib.pofile(str(path), wrapwidth=WRAP)
        if without_dates(before) == without_dates(catalogue):
            return False
    path.write_text(text(catalogue))
    return True


def main(arguments):
    """Refresh or check; status 1 when the template is out of date."""
    fresh, folder = Path(arguments[0]), Path(arguments[1])
    template = fresh_template(fresh)
    target = folder / fresh.name
    if "--check" in arguments:
        up_to_date = target.exists() and without_dates(polib.pofile(str(target), wrapwidth=WRAP)) == without_dates(
            template
        )
        return 0 if up_to_date else 1
    folder.mkdir(exist_ok=True)
    for path in [target, *sorted(folder.glob("*.po"))]:
        catalogue = template if path == target else merged(path, template)
        print(f"{path.name}: {'refreshed' if write(path, catalogue) else 'unchanged'}, {len(catalogue)} terms")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
