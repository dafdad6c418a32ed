// Wire JSON in and out, one object per line, shared by the drivers of this folder.
import readline from "node:readline";
import { ConvexError, convexToJson } from "convex/values";

export function emit(line) {
  process.stdout.write(JSON.stringify(line) + "\n");
}

/** A result as the application got it; `undefined` is left out. */
export function valueLine(value) {
  return value === undefined ? {} : { value: convexToJson(value) };
}

/** An error as the application caught it; `data` is there only for a ConvexError. */
export function errorLine(error) {
  const line = { message: String(error?.message ?? error) };
  if (error instanceof ConvexError) line.data = convexToJson(error.data);
  return line;
}

export function answer(id, promise) {
  promise.then(
    (value) => emit({ reply: id, ...valueLine(value) }),
    (error) => emit({ reply: id, ...errorLine(error) }),
  );
}

/** Calls the operation that each line of standard input names. */
export function serve(operations) {
  process.on("uncaughtException", (error) => emit({ event: "uncaught", ...errorLine(error) }));
  process.on("unhandledRejection", (error) => emit({ event: "uncaught", ...errorLine(error) }));
  readline.createInterface({ input: process.stdin }).on("line", (text) => {
    const command = JSON.parse(text);
    operations[command.op](command);
  });
  emit({ event: "ready" });
}
