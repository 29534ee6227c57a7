"""Stand-ins for five packages that the converter requires and that no Keras file needs.

tensorflowjs 4.22 requires tensorflow-decision-forests, which pins TensorFlow 2.19 and has no wheel
for Windows nor for Linux on ARM; tensorflow-hub, which imports pkg_resources and so needs an old
setuptools; and jax, jaxlib and flax, which take 0.5 GB. pip cannot leave out a requirement of
another package, but it installs a wheel of the same name. Each stand-in here is one, made from
`PACKAGES` and `modules/` by `python -m models.convert.stand_ins`; `requirements.txt` has their
hashes, and finds them by its line ``--find-links``.
"""
