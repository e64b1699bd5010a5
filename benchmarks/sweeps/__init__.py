"""How fast, how right and in how much memory is raw text swept, beside the tools that people use?"""
