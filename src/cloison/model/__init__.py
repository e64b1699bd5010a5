"""The nouns of the product and its limits: frozen, without machinery."""
