"""How does a program ask a case? JSON under `/api/v1`, the same verbs as the command line."""
