"""How good an inventory is: what it rests on, what stands out, what others have."""
