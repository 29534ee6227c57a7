/** `node brotli.js FILE`: print the size of the file, compressed by Brotli. */
import { createReadStream } from 'node:fs';
import { constants, createBrotliCompress } from 'node:zlib';

// The best level, 11, takes a minute for what a page loads, and makes all of it a tenth smaller.
const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
let total = 0;
for await (const part of createReadStream(process.argv[2]).pipe(createBrotliCompress({ params }))) {
  total += part.length;
}
console.log(total);
