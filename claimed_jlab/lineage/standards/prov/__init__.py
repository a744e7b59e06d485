"""W3C PROV-JSON: artifacts are entities, runs and tasks activities, people and engines agents, components plans."""
