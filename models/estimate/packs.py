"""In what a product is bought: whole packs, and no less than its vendor sells."""

import math

# Sums of floats: what is less than this over a full pack is no pack more.
PACK_TOLERANCE = 1e-6


def get_first_seller(product, company):
    """Give the first vendor line of a product that holds for a company, with sudo: show no price of it."""
    # sudo: just the vendor, the unit and the least quantity, no price.
    product_sudo = product.sudo()
    return product_sudo.seller_ids.filtered(
        lambda seller: (
            seller.company_id in (company, company.browse())
            and seller.product_id in (product_sudo, product_sudo.browse())
        )
    )[:1]


def count_packs(product, quantity, company):
    """Give how many packs to buy, and their unit: those of the first vendor, else the first packaging.

    :param quantity: in the unit of the product
    :return: `(0, None)` where the product is bought in its own unit, without a least quantity
    """
    seller_sudo = get_first_seller(product, company)
    # sudo: only the unit of the packaging
    uom, least = product.sudo().uom_ids[:1], 0.0
    if seller_sudo:
        is_pack = seller_sudo.product_uom_id != product.uom_id
        uom, least = seller_sudo.product_uom_id if is_pack else uom, seller_sudo.min_qty
        if not is_pack and uom:
            least = 0.0
    if not uom or not product.uom_id._has_common_reference(uom):
        if least > quantity:
            return least, product.uom_id
        return 0, None
    exact = product.uom_id._compute_quantity(quantity, uom, round=False)
    return max(math.ceil(exact - PACK_TOLERANCE), math.ceil(least)), uom.sudo(False)
