"""The curriculum: themes, topics, two-hour modules with versions, and courses."""
