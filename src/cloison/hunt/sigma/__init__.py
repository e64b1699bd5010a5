"""Which events does a Sigma rule describe? Rules are read, compiled to SQL and run over events and raw records."""
