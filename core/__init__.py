"""What every area stands on; knows nothing of the domain."""
