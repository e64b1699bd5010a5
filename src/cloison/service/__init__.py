"""What a user can do: one verb per act, over all the floors below."""
