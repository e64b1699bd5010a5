"""Where the outside world lives: what listens, and what tells."""
