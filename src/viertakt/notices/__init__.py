"""Telling those who need to know: subscriptions, the inbox, mail.

Lives here: who wants to know what (`subscribing`), whom an entry of the journal concerns (`rules`, `telling`), what each
was told (`inbox`), that an open console hears of it at once (`bell`), and how a mail goes out (`mailing`).
Does not live here: entries and their order; no move waits for a notice, and none knows of it: notices follow the journal.
May ask: journal, operations, kinds, access, language, db.
"""
