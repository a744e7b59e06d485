"""Bringing another ML Metadata store into ours: `importing.py` says how."""
