"""The web: REST API for QA and trainers; acts only by sending events into the flow."""
