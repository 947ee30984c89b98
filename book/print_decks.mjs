// node print_decks.mjs CHROMIUM deck.html …: prints each deck to a PDF beside it, one page a slide.
import { chromium } from "playwright-core";
import { pathToFileURL } from "node:url";

const [executablePath, ...decks] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});
for (const deck of decks) {
  const page = await browser.newPage();
  await page.goto(`${pathToFileURL(deck)}?print-pdf`, { waitUntil: "load" });
  await page.evaluate(() => MathJax.startup.promise);
  await page.waitForSelector(".pdf-page");
  await page.pdf({ path: deck.replace(/\.html$/, ".pdf"), preferCSSPageSize: true, printBackground: true });
  await page.close();
}
await browser.close();
