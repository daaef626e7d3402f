"""People: sign up, sign in, second factor, profile, privacy."""
