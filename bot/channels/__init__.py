"""The doors. A channel is a `Bot` whose session speaks that door's protocol."""
