"""Is it closed?"""
