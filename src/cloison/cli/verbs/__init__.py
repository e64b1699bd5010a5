"""The verbs of the command line, a module a group: each is loaded when it is asked for."""
