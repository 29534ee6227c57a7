"""What takes too long for every test run: ``make proof``. What each proof printed is committed."""
