"""Front page in three pillars, dashboard, about pages, health check and metrics."""
