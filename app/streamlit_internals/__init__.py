"""Everything that is not public API of Streamlit or of its canvas package, and nothing else."""
