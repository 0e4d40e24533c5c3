"""Commands of the review year, in the order of ``kjfp run``."""
