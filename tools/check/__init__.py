"""What an exchange file becomes, told by really importing it (`./dev check-file`)."""


def main(env, data, filename):
    """Import a file as the wizard would and tell what came of it; nothing is committed.

    :param data: the bytes of the file
    :return: a dict ready for JSON; `error` where the file cannot be imported at all
    """
    from .inside import check  # Odoo can only be imported inside Odoo

    return check(env, data, filename)
