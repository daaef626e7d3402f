"""The real agenda and its modules as data, and the demonstration made of them."""
