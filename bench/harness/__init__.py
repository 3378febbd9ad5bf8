"""What bench/run and bench/peers/run are made of. Only Python's standard library."""
