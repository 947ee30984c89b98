// node press.mjs CHROMIUM "FLAG FLAG …" PAGE TOKEN: presses the Autograde button of the only submission in
// formgrader's list, and prints what formgrader then says, and the score that its list shows.
import { chromium } from "playwright-core";

const [executablePath, flags, url, token] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: flags.split(" ") });
const page = await browser.newPage({ extraHTTPHeaders: { Authorization: `token ${token}` } });
await page.goto(url);
await page.locator("td.autograde a").click({ timeout: 60_000 });
const said = page.locator(".modal-title");
await said.waitFor({ timeout: 180_000 });
const title = await said.textContent();
await page.reload();
const score = page.locator("td.score");
await score.filter({ hasText: "/" }).waitFor({ timeout: 60_000 });
console.log(JSON.stringify({ title: title.trim(), score: (await score.textContent()).trim() }));
await browser.close();
