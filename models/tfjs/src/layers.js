/**
 * TensorFlow.js's layers without training: its index registers every gradient, which inference
 * never calls. Importing the layers registers their classes, so that any saved model can be loaded.
 */
import '@tensorflow/tfjs-layers/dist/flags_layers';
import '@tensorflow/tfjs-layers/dist/exports_constraints';
import '@tensorflow/tfjs-layers/dist/exports_initializers';
import '@tensorflow/tfjs-layers/dist/exports_layers';
import '@tensorflow/tfjs-layers/dist/exports_regularizers';

export { loadLayersModel } from '@tensorflow/tfjs-layers/dist/exports';
