"""Telling those who need to know: subscriptions, the inbox, mail, webhooks, chat.

Lives here: who wants to know what (`subscribing`), whom an entry of the journal concerns (`rules`, `telling`), what each
was told (`inbox`), that an open console hears of it at once (`bell`), and how a mail goes out (`mailing`).
Programs and chat rooms are told by `endpoints`: what each has coming (`endpoint_placing`), in which words (`endpoint_payload`,
`endpoint_chat`), and how it gets there (`endpoint_sending`, `endpoint_rules`).
Does not live here: entries and their order; no move waits for a notice, and none knows of it: notices follow the journal.
May ask: journal, operations, kinds, access, language, db.
"""
