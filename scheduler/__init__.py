"""Time: the ticks that ask the rules what is due, and the delivery of what is owed."""
