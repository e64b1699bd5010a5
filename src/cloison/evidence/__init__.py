"""What came into the case: raw objects in custody, opened, framed, never changed."""
