"""What puts the pages and the API behind one door, and opens it? Who comes in, with what, and for how long."""
