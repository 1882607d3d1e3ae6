"""The typed builder: frozen statements, independent of any connection.

Every node carries a key, its hashable shape, and the values it binds; a shape is rendered once (see `render`).
"""
