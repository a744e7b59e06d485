"""Planning and running a pipeline. The engines are in packages of their own: `local` is the first."""
