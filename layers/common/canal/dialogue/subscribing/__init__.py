"""Subscriptions in the chat: what one gets, joining, leaving. Loaded when there is something to say about them."""
