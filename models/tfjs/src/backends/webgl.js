import '@tensorflow/tfjs-backend-webgl';
