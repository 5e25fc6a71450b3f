"""The outside as the services need it: DynamoDB, queues, WhatsApp, files. Foreign errors end here."""
