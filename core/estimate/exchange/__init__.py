"""A budget as an exchange file states it, whatever the format: what readers give and writers take."""

from .draft import ALL, Draft, DraftError, Item, MarkupRow, Measured, Note, OfferRow, Recipe, Resource, Row, Zone
