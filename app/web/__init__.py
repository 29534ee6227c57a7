"""HTTP: assets, headers, the page's HTML, limits."""
