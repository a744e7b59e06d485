"""What a component is, how a notebook becomes one, and the catalogs they come from."""
