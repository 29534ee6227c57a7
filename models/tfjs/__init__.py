"""TensorFlow.js: npm packages from a lock file, our modules and their bundle."""
