"""The process: knows every layer; nobody imports it except tests."""
