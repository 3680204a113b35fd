"""What happens to every update, in the order `bot/dispatcher.py` lists."""
