// One function per kind of argument validator.
import { queryGeneric as query } from "convex/server";
import { v, type PropertyValidators } from "convex/values";

const takes = (args: PropertyValidators) => query({ args, handler: async (_, given) => given });

export const text = takes({ it: v.string() });
export const number = takes({ it: v.number() });
export const big = takes({ it: v.int64() });
export const flag = takes({ it: v.boolean() });
export const nil = takes({ it: v.null() });
export const raw = takes({ it: v.bytes() });
export const anything = takes({ it: v.any() });
export const word = takes({ it: v.literal("yes") });
export const digit = takes({ it: v.literal(1) });
export const truth = takes({ it: v.literal(true) });
export const words = takes({ it: v.union(v.literal("a"), v.literal("b"), v.literal("c")) });
export const either = takes({ it: v.union(v.string(), v.number()) });
export const nullable = takes({ it: v.union(v.string(), v.null()) });
export const optional = takes({ it: v.optional(v.string()) });
export const threeStates = takes({ it: v.optional(v.union(v.string(), v.null())) });
export const optionalAny = takes({ it: v.optional(v.any()) });
export const list = takes({ it: v.array(v.number()) });
export const lists = takes({ it: v.array(v.array(v.string())) });
export const listOfEither = takes({ it: v.array(v.union(v.string(), v.null())) });
export const point = takes({ it: v.object({ x: v.number(), y: v.optional(v.number()) }) });
export const empty = takes({ it: v.object({}) });
export const nested = takes({
  it: v.object({ name: v.string(), at: v.object({ x: v.number(), y: v.optional(v.number()) }) }),
});
export const points = takes({
  it: v.array(v.object({ x: v.number(), y: v.optional(v.number()) })),
});
export const record = takes({ it: v.record(v.string(), v.number()) });
export const recordOfLists = takes({ it: v.record(v.string(), v.array(v.string())) });
export const recordOfPoints = takes({
  it: v.record(v.string(), v.object({ x: v.number(), y: v.optional(v.number()) })),
});
export const recordById = takes({ it: v.record(v.id("people"), v.number()) });
export const person = takes({ it: v.id("people") });
export const personOrNull = takes({ it: v.union(v.id("people"), v.null()) });
export const people = takes({ it: v.array(v.id("people")) });
export const tagged = takes({
  it: v.union(
    v.object({ kind: v.literal("circle"), radius: v.number() }),
    v.object({ kind: v.literal("box"), width: v.number(), height: v.number() }),
  ),
});
export const two = takes({ a: v.string(), b: v.number() });
export const none = takes({});
