class Missing(str):
    """What has to be filled in before a contract can be signed: a sentence that knows where.

    It is a plain string for whoever joins or prints it; `_get_missing_data` may give plain sentences too.
    """

    field = None
    page = None

    def __new__(cls, message, field=None, page=None):
        """:param str message: what is missing, as a person reads it
        :param str field: the field of the contract to go to
        :param str page: the page of its form the field is on; a page alone is opened
        """
        missing = super().__new__(cls, message)
        missing.field = field
        missing.page = page
        return missing

    @classmethod
    def to_json(cls, entry):
        """An entry, be it a plain sentence, as the screen takes it."""
        return {
            "message": str(entry),
            "field": getattr(entry, "field", None) or False,
            "page": getattr(entry, "page", None) or False,
        }
