"""The command line: argv in, answers on stdout, progress on stderr, an exit code that can be relied on."""
