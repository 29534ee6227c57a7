"""Components of ink that are one digit, and digits in rows and columns."""
