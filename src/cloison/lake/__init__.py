"""Records as typed event rows in Parquet, and the engine that reads them."""
