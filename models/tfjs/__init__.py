"""TensorFlow.js: npm packages by a lock file, our modules and their bundle."""
