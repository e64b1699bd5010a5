"""`python -m cloison`."""

from cloison.cli.main import main

main()
