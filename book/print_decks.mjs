// node print_decks.mjs CHROMIUM "FLAG FLAG …" DECK.html …: prints each deck to PDF beside it: DECK.pdf, one page a slide,
// and DECK_notes.pdf, the handout: A4, each slide with the speaker's notes to its right.
import { chromium } from "playwright-core";
import { pathToFileURL } from "node:url";

const HANDOUT = `
  @page { size: A4; margin: 14mm 12mm; }
  html.reveal-print body, html.reveal-print .reveal .slides { width: 186mm !important; }
  .row { display: flex; gap: 6mm; break-inside: avoid; margin-bottom: 5mm; }
  html.reveal-print .reveal .slides .row .pdf-page {
    zoom: 0.24; flex: none; width: 1331px; border: 3px solid #999; break-after: auto !important;
  }
  .reveal .slides .row .notes { flex: 1; position: static; padding: 0; font-size: 10.5pt; line-height: 1.45; }
  .reveal .slides .row .notes p { margin: 0 0 2mm; }
`;

const [executablePath, flags, ...decks] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: flags.split(" ") });
for (const deck of decks) {
  const page = await browser.newPage();
  page.setDefaultTimeout(300_000); // on a busy machine half a minute, the default, is not enough
  await page.goto(`${pathToFileURL(deck)}?print-pdf`, { waitUntil: "load" });
  await page.evaluate(() => MathJax.startup.promise);
  await page.waitForSelector(".pdf-page");
  // A PDF travels alone: a link into the site would name a file of this machine.
  await page.$$eval("a[href]", (links) => {
    for (const link of links) if (link.protocol === "file:") link.removeAttribute("href");
  });
  const print = { preferCSSPageSize: true, printBackground: true };
  await page.pdf({ ...print, path: deck.replace(/\.html$/, ".pdf") });
  await page.evaluate(putNotesBesideSlides);
  await page.addStyleTag({ content: HANDOUT });
  await page.pdf({ ...print, path: deck.replace(/\.html$/, "_notes.pdf") });
  await page.close();
}
await browser.close();

function putNotesBesideSlides() {
  for (const slide of document.querySelectorAll(".pdf-page")) {
    const row = document.createElement("div");
    row.className = "row";
    slide.replaceWith(row);
    row.append(slide);
    const notes = slide.querySelector("aside.notes");
    if (!notes) continue; // the opening slide
    const text = document.createElement("div");
    text.className = "notes";
    text.append(...notes.childNodes);
    row.append(text);
  }
}
