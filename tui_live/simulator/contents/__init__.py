"""What the rarer messages say, a file for each family: functions from the show and a person to a message's fields."""
