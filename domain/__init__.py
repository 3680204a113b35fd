"""The rules: pure functions and values. No I/O, no clock, no aiogram, no SQL."""
