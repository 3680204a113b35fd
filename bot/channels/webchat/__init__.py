"""The web chat: the only door every resident has. Always on."""
