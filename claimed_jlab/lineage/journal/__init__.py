"""The journal before the store: a writer appends a line and goes on; the lines are applied in order, each once.

    journal = open_journal(store)
    journal.record_run(RecordedRun("r1", "Credit", parameters={"C": 1.0}, metrics={"accuracy": 0.75}))
    journal.drain()                       # whoever has the turn applies what all processes wrote
    JournaledRecorder(store)              # the same calls as Recorder, through the journal

**What is promised.** A line that was written survives the death of every process. A line that is cut short was never
acknowledged and is passed over. Lines are applied in the order of their times, many in one transaction; how far that
came is noted after it, and a line that is applied again changes nothing. A line that can't be applied is put into
`refused.jsonl` with the reason, and keeps nothing else waiting.
"""

from __future__ import annotations

from claimed_jlab.lineage.journal.entry import RecordedRun
from claimed_jlab.lineage.journal.journal import Journal, open_journal
from claimed_jlab.lineage.journal.recorder import JournaledRecorder

__all__ = ["Journal", "JournaledRecorder", "RecordedRun", "open_journal"]
