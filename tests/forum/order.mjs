// The page's own orders: one JSON line in (questions with n), one out (their numbers in the order asked for).
import { createInterface } from "node:readline";
import { inOrder } from "../../static/js/state-questions.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { questions, order } = JSON.parse(line);
  const room = {
    questions: new Map(questions.map((question) => [question.id, question])),
    counts: new Map(questions.map((question) => [question.id, question.n])),
  };
  process.stdout.write(`${JSON.stringify(inOrder(room, order).map((question) => question.no))}\n`);
}
