"""What each log can say, prove and not show, as data that is compiled to columnar SQL."""
