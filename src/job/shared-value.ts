import { deserialize, serialize } from "node:v8";

/** Plain data (Maps and Sets too) in memory that threads share, so that every task of every thread can carry it. */
export type SharedValue<Value> = Uint8Array<SharedArrayBuffer> & { readonly value?: Value };

/** Puts plain data there. */
export function shareValue<Value>(value: Value): SharedValue<Value> {
  const bytes = serialize(value);
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return shared;
}

/** The reverse of `shareValue`. */
export function readSharedValue<Value>(shared: SharedValue<Value>): Value {
  // The engine reads no shared memory.
  return deserialize(shared.slice()) as Value;
}
