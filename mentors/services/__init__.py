"""Every write of the programme: opening a cohort, its dates, its people, its state."""
