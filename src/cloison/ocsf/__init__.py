"""How each observable is spelled, once and for all."""
