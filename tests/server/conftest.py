"""The console for the tests of its server."""

from tests.server.harness import answered, case_folder, console, team

__all__ = ["answered", "case_folder", "console", "team"]
