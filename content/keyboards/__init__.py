"""Callback data and keyboards, one module per feature. Here, because reminders send buttons too."""
