"""Directory of organisations (municipalities, partnerships, co-operatives) and their members."""
