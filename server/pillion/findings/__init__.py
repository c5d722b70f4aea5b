"""What is found in a draft, and the only place that moves it."""
