"""Pipelines of others as documents: Elyra's, KFP's compiled ones, and KFP's Python.

Each says what it could not carry over, a diagnostic a thing; nothing is dropped in silence.
"""
