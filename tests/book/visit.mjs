// node visit.mjs CHROMIUM "FLAG FLAG …" ORIGIN: does what a reader does and prints, as JSON, where it leads.
import { chromium } from "playwright-core";

const [executablePath, flags, origin] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: flags.split(" ") });
const page = await browser.newPage();
const seen = {};

// the language switch, half-way down a page
await page.goto(`${origin}/ja/06_backpropagation.html`);
await page.evaluate(() => MathJax.startup.promise.then(() => {
  document.getElementById("sec-06-affine").scrollIntoView({ behavior: "instant" });
}));
const button = await page.locator("a.btn-language").boundingBox();
await page.mouse.click(button.x + 5, button.y + 5); // page.click() would scroll first
await page.waitForURL(/\/en\//);
seen.switched = page.url().slice(origin.length);

// from a page to its deck, which opens in a tab of its own
const [deck] = await Promise.all([page.context().waitForEvent("page"), page.click("a.btn-deck")]);
seen.deck = new URL(deck.url()).pathname;

// the search, for compounds and for words
seen.hits = {};
for (const [language, query] of [["ja", "計算グラフ"], ["ja", "誤差逆伝播法"], ["ja", "学習率"], ["en", "recursion"]]) {
  await page.goto(`${origin}/${language}/search.html?q=${encodeURIComponent(query)}`);
  await page.waitForSelector("#search-results li a", { state: "attached" });
  seen.hits[query] = await page.$$eval("#search-results li a", (links) => links.map((a) => new URL(a.href).pathname));
}
await browser.close();
console.log(JSON.stringify(seen));
