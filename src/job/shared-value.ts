import { deserialize, serialize } from "node:v8";

/** Plain data (Maps and Sets too) in memory that threads share, so that every task of every thread can carry it. */
export type SharedValue<Value> = Uint8Array<SharedArrayBuffer> & { readonly value?: Value };

/** Puts plain data there. */
export function shareValue<Value>(value: Value): SharedValue<Value> {
  return shareBytes([serialize(value)]);
}

/** Puts bytes there, one chunk after the other. */
export function shareBytes(chunks: readonly Uint8Array[]): Uint8Array<SharedArrayBuffer> {
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const shared = new Uint8Array(new SharedArrayBuffer(length));
  let at = 0;
  for (const chunk of chunks) {
    shared.set(chunk, at);
    at += chunk.length;
  }
  return shared;
}

/** The reverse of `shareValue`. */
export function readSharedValue<Value>(shared: SharedValue<Value>): Value {
  // The engine reads no shared memory.
  return deserialize(shared.slice()) as Value;
}
