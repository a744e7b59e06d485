"""The local engine: a worker process that runs a plan's notebooks in kernels of their own."""
