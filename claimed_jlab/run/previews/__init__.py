"""Previews of the kinds of files that pipelines make; `claimed_jlab.run.preview` is the door to them."""
