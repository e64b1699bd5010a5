"""Where does a record begin and end in each kind of file?"""
