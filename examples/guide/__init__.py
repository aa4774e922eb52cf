"""The three users of the guide "Create AWS ElastiCache Users", each as it is written there and mended."""
