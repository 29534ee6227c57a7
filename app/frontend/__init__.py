"""What the components of all pages share: mounting, TensorFlow.js, checks of what they send."""
