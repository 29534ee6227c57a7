"""Which picture the Inspect page looks at: drawn, uploaded, given there, or a ready one."""
