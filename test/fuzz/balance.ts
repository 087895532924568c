import { deepStrictEqual, ok } from "node:assert/strict";
import { records } from "../single-fault/clean-file.js";
import { processDelivery, type ReadingRoom } from "../support/product-reading.js";
import { ownHeader, type WholeDelivery } from "./whole-deliveries.js";

const names = records.map(([, name]) => name as string).filter((name) => name !== "");

/**
 * Throws unless a delivery is refused with a reason that repeats nothing of it, or read so that the books balance: each
 * byte in a shard, each row in one set, each count the sum of its parts. True when it was read.
 */
export async function checkBalance(room: ReadingRoom, delivery: WholeDelivery): Promise<boolean> {
  const { refused, problems } = await processDelivery(room, delivery, delivery.shardBytes);
  deepStrictEqual(problems, []);
  if (refused === null) return true;
  for (const text of [ownHeader, ...names])
    ok(!refused.includes(text), "a reason repeats what was delivered");
  return false;
}
