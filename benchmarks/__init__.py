"""How fast, and with how much memory, is what a responder waits for?"""
