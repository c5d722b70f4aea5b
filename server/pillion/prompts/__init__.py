"""What is said to the models: an action and a snapshot become messages, with a JSON schema for fields."""
