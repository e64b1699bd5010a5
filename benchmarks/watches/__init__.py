"""What a watch is measured with."""
