"""How often who may ask: figures, the store that counts, and the limiter that refuses.

Where an address, an account or a number is read from a request is the web door's business.
"""
