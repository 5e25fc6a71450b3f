"""Cases: what citizens report, complain of, suggest and ask. Pure rules over plain values; standard library only."""
