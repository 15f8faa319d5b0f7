"""Telling those who need to know: subscriptions, the inbox, mail, webhooks, chat.

Nothing is sent yet. Here will live who wants to know what, and how a delivery is tried and tried again; no move waits
for it, and none knows of it: notices follow the journal.
May ask: journal, operations, kinds, access, language, db.
"""
