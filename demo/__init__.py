"""Invented organisations with invented evidence: something to try cloison on, and to test it against."""
