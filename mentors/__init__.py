"""The MENTORS programme as it runs: mentors, cohorts, partners, seats, meetings."""
