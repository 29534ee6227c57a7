"""The Draw page's results: verdict, cards, charts, tables, files."""
