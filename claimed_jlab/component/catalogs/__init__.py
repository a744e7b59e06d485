"""Catalogs: the places that components come from, what was fetched of them, and what of it may run.

`registry` keeps what people added, `sources` puts it together with installed packages and Elyra's connectors; `git`,
`archive`, `download` and `kfp` read each kind; `store` holds what was fetched, by digest; `trust` what may run of it.
Nothing here touches the network but `operations.add` and `operations.refresh`.
"""
