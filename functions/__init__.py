"""Reimaji's functions: one module per noun, called by clients as `module:function`."""
