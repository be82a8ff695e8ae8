"""What each topic screen shows: one module a topic, a reader of live views that gives dataclasses. The caller holds the reading transaction."""
