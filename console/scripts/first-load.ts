// Fails when what a browser must fetch before the first page exceeds its budget, gzipped.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const BUDGET_KB = 300;
const dist = process.env.VIERTAKT_CONSOLE_OUT ?? "dist";

const page = readFileSync(join(dist, "index.html"), "utf8");
const entry = page.match(/assets\/[\w-]+\.js/g) ?? [];
// One language is fetched besides; both are small, so the larger is counted.
const languages = readdirSync(join(dist, "assets")).filter((name) => /^(en|nl)-[\w-]+\.js$/.test(name));
const sizeOf = (path: string) => gzipSync(readFileSync(join(dist, path))).length;
const language = Math.max(0, ...languages.map((name) => sizeOf(join("assets", name))));
const total = Math.round((entry.reduce((sum, path) => sum + sizeOf(path), language) / 1000) * 10) / 10;

process.stdout.write(`first load: ${total} kB of at most ${BUDGET_KB} kB JavaScript, gzipped\n`);
if (total > BUDGET_KB) process.exitCode = 1;
