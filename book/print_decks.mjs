// node print_decks.mjs CHROMIUM "FLAG FLAG …" DECK.html …: prints each deck to a PDF beside it, one page a slide.
import { chromium } from "playwright-core";
import { pathToFileURL } from "node:url";

const [executablePath, flags, ...decks] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: flags.split(" ") });
for (const deck of decks) {
  const page = await browser.newPage();
  await page.goto(`${pathToFileURL(deck)}?print-pdf`, { waitUntil: "load" });
  await page.evaluate(() => MathJax.startup.promise);
  await page.waitForSelector(".pdf-page");
  // A PDF travels alone: a link into the site would name a file of this machine.
  await page.$$eval("a[href]", (links) => {
    for (const link of links) if (link.protocol === "file:") link.removeAttribute("href");
  });
  await page.pdf({ path: deck.replace(/\.html$/, ".pdf"), preferCSSPageSize: true, printBackground: true });
  await page.close();
}
await browser.close();
