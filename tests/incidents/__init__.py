"""What would a careful reader say of an invented incident, and does cloison say the same?"""
