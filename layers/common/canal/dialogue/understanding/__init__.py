"""What a typed message means: danger first, then commands, then a ranked list of subjects.

``text`` folds spelling away, ``danger`` and ``commands`` look for what must never wait, ``intents`` ranks the
labels, ``reading`` puts the three together. Standard library only; the words themselves are content.
"""
