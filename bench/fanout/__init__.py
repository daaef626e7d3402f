"""One broadcast to a room of a thousand: ours beside Node's socket.io."""
