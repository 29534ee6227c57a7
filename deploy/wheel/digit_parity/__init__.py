"""Digit Parity as a wheel installs it: ``app``, ``models`` and the server's script in this folder.

``app`` and ``models`` are names for a checkout, not for everybody's site-packages. So the wheel has
this one package, and a process of `digit-parity` finds them in it.
"""
