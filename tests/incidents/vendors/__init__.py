"""Which files does each vendor's log make of the same deeds?"""
