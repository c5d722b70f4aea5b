"""What a draft imports that exists nowhere."""
