"""What would a case of millions of events be, with an intrusion in it that is known exactly?"""
