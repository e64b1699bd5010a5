"""How much of real records that no one here wrote is read right?"""
