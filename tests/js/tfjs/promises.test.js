import assert from 'node:assert/strict';
import { test } from 'node:test';

import { memoise, reason, takeTurns } from '../../../models/tfjs/src/promises.js';
import { settle } from '../support/clock.js';
import { Deferred } from '../support/engine.js';

test('tasks take turns: one begins when the one before has ended, failed or not', async () => {
  const inTurn = takeTurns();
  const [first, second] = [new Deferred(), new Deferred()];
  /** @type {string[]} */
  const log = [];
  const results = [first, second].map((gate, number) =>
    inTurn(async () => {
      log.push(`begins ${number}`);
      return gate.promise;
    }),
  );
  const third = inTurn(async () => 'third');
  await settle();
  assert.deepEqual(log, ['begins 0']);
  first.reject(new Error('it broke'));
  await assert.rejects(results[0], /it broke/);
  await settle();
  assert.deepEqual(log, ['begins 0', 'begins 1']);
  second.resolve('second');
  assert.deepEqual([await results[1], await third], ['second', 'third']);
});

test('a task that throws at once does not stop the row', async () => {
  const inTurn = takeTurns();
  const broken = inTurn(() => {
    throw new Error('at once');
  });
  await assert.rejects(broken, /at once/);
  assert.equal(await inTurn(async () => 1), 1);
});

test('what is asked again while it is made, or after, is made once', async () => {
  const kept = new Map();
  let made = 0;
  const make = async () => {
    made += 1;
    return made;
  };
  assert.deepEqual(await Promise.all([memoise(kept, 'a', make), memoise(kept, 'a', make)]), [1, 1]);
  assert.equal(await memoise(kept, 'a', make), 1);
  assert.equal(await memoise(kept, 'b', make), 2);
});

test('what failed is forgotten, so that the next call tries again', async () => {
  const kept = new Map();
  await assert.rejects(
    memoise(kept, 'a', async () => Promise.reject(new Error('offline'))),
    /offline/,
  );
  await settle();
  assert.equal(await memoise(kept, 'a', async () => 'there'), 'there');
});

test('what failed late does not forget what was made since', async () => {
  const kept = new Map();
  const slow = new Deferred();
  const first = memoise(kept, 'a', () => slow.promise);
  kept.delete('a'); // disposed of meanwhile
  const second = memoise(kept, 'a', async () => 'there');
  slow.reject(new Error('late'));
  await assert.rejects(first, /late/);
  await settle();
  assert.equal(kept.get('a'), second);
});

test('a reason is the message of whatever was thrown', () => {
  assert.equal(reason(new Error('an error')), 'an error');
  assert.equal(reason({ message: 'an object' }), 'an object');
  assert.equal(reason('a string'), 'a string');
  assert.equal(reason(null), 'null');
});
