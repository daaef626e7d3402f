"""Recordings: upload, checking, player, the room's questions on the timeline."""
