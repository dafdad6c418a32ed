// Asks npm `convex` what it makes of wire values: one JSON request on stdin, one answer on stdout.
// A value travels as {wire}, undefined as {}; see test_value_oracle.py.
import { text } from "node:stream/consumers";
import { compareValues, convexToJson, getConvexSize, jsonToConvex } from "convex/values";

const { values, pairs } = JSON.parse(await text(process.stdin));
const decoded = values.map((one) => ("wire" in one ? jsonToConvex(one.wire) : undefined));
const answer = {
  sizes: decoded.map((value) => getConvexSize(value)),
  wires: decoded.map((value) => (value === undefined ? {} : { wire: convexToJson(value) })),
  // For texts npm gives a difference, of which only the sign has a meaning.
  orders: pairs.map(([a, b]) => Math.sign(compareValues(decoded[a], decoded[b]))),
};
process.stdout.write(JSON.stringify(answer));
