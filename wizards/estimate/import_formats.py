"""Formats the import knows, and the export too where they have a writer."""

# By name: `_is_<name>` of the import knows a file by its first bytes and ending, `_read_<name>` makes a draft of it.
FORMATS = [("bc3", "BC3 (FIEBDC-3)"), ("xlsx", "Spreadsheet (.xlsx)"), ("gaeb", "GAEB DA XML")]
