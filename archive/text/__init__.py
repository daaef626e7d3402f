"""What was said: other formats of the words than WebVTT, editing them, and having a program write them down."""
