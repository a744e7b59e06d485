"""A component in other systems' formats: one module a format, and `formats` to choose among them."""
