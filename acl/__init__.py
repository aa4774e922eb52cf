"""What servers do with an access string. Nothing here knows AWS or Pulumi."""
