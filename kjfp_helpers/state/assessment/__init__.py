"""Assessment of units: who reads, and the acts of readers and office as checked events."""
