"""What does a person see of a case in a browser? Pages made here, little script, nothing from elsewhere."""
