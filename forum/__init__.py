"""Live Socket.IO rooms and their written record."""
