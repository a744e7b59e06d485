"""A document as a Python module of KFP's DSL, and back, without running it and without losing anything.

`write` makes a module, `read` reads one, `update` brings an edited document into a module that a person formatted.
What KFP's Python cannot say stands in it as comments, `# claimed: layout.train = [420, 80]`, made by `remainder`: what
`read` understands of the code, with these applied, is the document. So nothing can be lost by forgetting it.
"""
