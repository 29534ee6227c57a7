"""Shared by the commands: options, exit codes, tables and progress."""
