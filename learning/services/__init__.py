"""Every write of the learner's side: seats, what was followed."""
