"""What the specification promises about speed, runnable by anybody: ``make bench``."""
