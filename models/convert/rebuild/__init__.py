"""A model of Keras 3 built again in tf_keras, which the official converter takes."""
