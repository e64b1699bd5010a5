"""Which indicators does a machine's format give: STIX, MISP, OpenIOC, JSON records, a page, a PDF?"""
