"""How is the answer told?"""
