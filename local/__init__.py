"""All of Canal on one machine: no AWS account, no Meta account, no Docker."""
