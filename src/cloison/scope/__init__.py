"""How far did it go?"""
