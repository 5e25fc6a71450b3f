"""The rules of each subject of the menu: pure queries over compiled content, standard library only."""
