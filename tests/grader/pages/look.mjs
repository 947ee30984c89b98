// node look.mjs CHROMIUM "FLAG FLAG …" FILE …: opens pages from the disk as their readers do and prints, as JSON, what
// is wrong with them. Python starts it and judges the result.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const [executablePath, flags, ...files] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const browser = await chromium.launch({ executablePath, args: flags.split(" ") });
const plain = await browser.newContext({ viewport: { width: 360, height: 740 } });
const examined = await browser.newContext({ bypassCSP: true }); // axe is a script, and the pages allow none
const problems = [];

for (const file of files) {
  const url = `file://${encodeURI(file)}`;
  const note = (text) => problems.push(`${file}: ${text}`);

  const phone = await plain.newPage();
  phone.on("console", (message) => note(`console: ${message.text()}`)); // what the policy refuses is said here
  phone.on("dialog", (dialog) => { note(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  phone.on("request", (request) => { if (request.url() !== url) note(`asks ${request.url()}`); });
  await phone.goto(url);
  const width = await phone.evaluate(() => document.documentElement.scrollWidth);
  if (width > 360) note(`is ${width} pixels wide on a screen of 360`);
  if ((await phone.pdf({ format: "A4" })).length < 5000) note("prints nothing");
  await phone.close();

  const page = await examined.newPage();
  await page.goto(url);
  await page.evaluate(axe);
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await page.evaluate(() => axe.run());
    for (const { id, help, nodes } of violations) note(`${colorScheme}: ${id}: ${help}: ${nodes[0].html.slice(0, 200)}`);
  }
  await page.close();
}
await browser.close();
console.log(JSON.stringify({ problems }));
