"""How does a case become one file that anyone can check, byte for byte and row for row?"""
