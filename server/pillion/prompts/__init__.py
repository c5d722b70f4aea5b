"""The prompts: an action and a snapshot become messages for a model, with a JSON schema for fields."""
