"""What the end-to-end tests need to drive the real binary against a real PostgreSQL."""
