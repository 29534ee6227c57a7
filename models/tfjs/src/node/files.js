/** Model files from disk, for TensorFlow.js in Node. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import * as tf from '@tensorflow/tfjs-core';

/**
 * Like tf.io.http, for a model.json on disk with its shards beside it.
 * @param {string} path
 * @returns {import('../lanes.js').Source}
 */
export function fromDisk(path) {
  return {
    async load() {
      const json = JSON.parse(await readFile(path, 'utf8'));
      return tf.io.getModelArtifactsForJSON(json, async (manifest) => {
        const names = manifest.flatMap((group) => group.paths);
        const shards = await Promise.all(names.map((name) => readFile(join(dirname(path), name))));
        const bytes = Buffer.concat(shards);
        const data = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
        return [manifest.flatMap((group) => group.weights), /** @type {ArrayBuffer} */ (data)];
      });
    },
  };
}
