// A reporter that prints what was measured and what failed, and nothing else.

import type { Reporter, TestCase, TestResult } from "@playwright/test/reporter";

export default class Plain implements Reporter {
  onStdOut(chunk: string | Buffer): void {
    process.stdout.write(chunk);
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    for (const { message } of result.errors) {
      console.error(`${test.title}: ${message}`);
    }
  }
}
