"""What a head is, and how it becomes an athlete's own, in closed form (numpy only)."""
