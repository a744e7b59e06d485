"""The Jupyter Server extension: a thin door over REST and jupyter_events to the same functions as the CLI."""
