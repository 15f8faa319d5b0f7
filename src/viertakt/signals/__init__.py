"""What providers report: sources, verification of what they send, mappings, parking, replay.

Lives here: `schemes` (whether a delivery is the provider's), `mapping` (the YAML that says what a payload means) and
`reading` (what one payload says by it), `rules` (what a report does where an operation stands), `receiving` (what the
door does), `applying` (what the worker does), `sources` and `inbox` (what people do), `store` (the tables `source`,
`source_secret`, `signal`, `signal_name`, `signal_line`, `signal_refused`), and `mappings/`, ready for five providers.
Does not live here: any change of an operation, which is asked of the batch like everybody's. May ask: operations,
kinds, access, db.
"""
