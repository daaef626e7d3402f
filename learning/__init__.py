"""The learner's side: enrolment, what was followed, calendar, teleconference links."""
