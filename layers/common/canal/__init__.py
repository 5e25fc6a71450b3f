"""Canal: the channel between a town council and its citizens over WhatsApp.

dialogue/   what is said and understood; pure, standard library only
subjects/   the rules of each subject a town informs of (bus, pharmacies, taxes ...); pure
content/    a town's content: compiled from YAML and standard formats, checked
services/   load, decide, save, send
adapters/   DynamoDB, queues, WhatsApp, files
settings    the environment, read once;  bootstrap  the adapters, chosen once
"""
