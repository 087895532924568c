/**
 * What the page does beyond showing: its tables sort and filter, provinces open into districts and wards, facilities
 * are found by name. Plain script, no library, no request; the page is complete without it. Texts become nodes by
 * `textContent` alone, so nothing that was delivered is ever read as markup.
 */
export const pageScript = String.raw`"use strict";
(() => {
  const places = JSON.parse(document.getElementById("places").textContent);
  const byParent = { district: group(places.district || []), ward: group(places.ward || []) };
  const isEnglish = () => document.getElementById("en").checked;
  const mostFound = 100;

  function group(rows) {
    const groups = new Map();
    for (const row of rows) {
      const parent = row[0].slice(0, row[0].lastIndexOf("/"));
      if (!groups.has(parent)) groups.set(parent, []);
      groups.get(parent).push(row);
    }
    return groups;
  }

  function make(tag, text, attributes) {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    for (const name in attributes) element.setAttribute(name, attributes[name]);
    return element;
  }

  function both(vi, en) {
    const pieces = document.createDocumentFragment();
    if (vi === en) pieces.append(vi);
    else pieces.append(make("span", vi, { class: "vi" }), make("span", en, { class: "en", lang: "en" }));
    return pieces;
  }

  function grouped(count, mark) {
    return String(count).replace(/\B(?=(\d{3})+$)/g, mark);
  }

  function writeCount(count) {
    return both(grouped(count, "."), grouped(count, ","));
  }

  // Rounded down, so that 100 means all of it.
  function writePercent(part, whole) {
    if (whole <= 0) return both("không áp dụng", "not applicable");
    const hundredths = String(Math.floor((part * 10000) / whole)).padStart(3, "0");
    const [units, rest] = [hundredths.slice(0, -2), hundredths.slice(-2)];
    return both(units + "," + rest + " %", units + "." + rest + " %");
  }

  function writeShare(part, whole) {
    const share = make("span", undefined, { class: "small" });
    share.append(both(grouped(part, ".") + " ÷ " + grouped(whole, "."), grouped(part, ",") + " ÷ " + grouped(whole, ",")));
    return share;
  }

  function numberCell(value, ...pieces) {
    const cell = make("td", undefined, { class: "number", "data-value": value });
    cell.append(...pieces);
    return cell;
  }

  function drawBar(sets, all) {
    const space = "http://www.w3.org/2000/svg";
    const bar = document.createElementNS(space, "svg");
    for (const [name, value] of [["class", "bar"], ["viewBox", "0 0 100 8"], ["preserveAspectRatio", "none"], ["aria-hidden", "true"]]) bar.setAttribute(name, value);
    let x = 0;
    for (const [kind, count] of sets) {
      const part = document.createElementNS(space, "rect");
      const width = all > 0 ? (count * 100) / all : 0;
      for (const [name, value] of [["class", kind], ["x", x], ["width", width], ["height", 8]]) part.setAttribute(name, value);
      x += width;
      bar.append(part);
    }
    return bar;
  }

  // The columns of writeRows, from a row of the page's data.
  function placeRow([key, label, cleaned, errors, exceptions, cleanPeople, wrongPeople, exceptPeople], depth) {
    const all = cleaned + errors + exceptions;
    const people = cleanPeople + wrongPeople + exceptPeople;
    const row = make("tr", undefined, { "data-key": key });
    if (depth > 0) row.setAttribute("data-depth", depth);
    const head = make("th", undefined, { scope: "row" });
    head.append(make("bdi", label || key), " ");
    const code = make("span", undefined, { class: "small" });
    code.append(make("bdi", key));
    head.append(code);
    const share = (part, whole) => (whole > 0 ? (part * 100) / whole : -1);
    row.append(
      head,
      ...[errors + exceptions, errors, exceptions, all].map((count) => numberCell(count, writeCount(count))),
      numberCell(share(cleaned, cleaned + errors), writePercent(cleaned, cleaned + errors), writeShare(cleaned, cleaned + errors)),
      numberCell(share(cleaned, all), writePercent(cleaned, all), drawBar([["cleaned", cleaned], ["errors", errors], ["exceptions", exceptions]], all)),
      numberCell(people, writeCount(people)),
      numberCell(share(cleanPeople, cleanPeople + wrongPeople), writePercent(cleanPeople, cleanPeople + wrongPeople), writeShare(cleanPeople, cleanPeople + wrongPeople)),
    );
    return row;
  }

  function closeRow(row) {
    for (let next = row.nextElementSibling; next && Number(next.dataset.depth || 0) > Number(row.dataset.depth || 0); next = row.nextElementSibling) next.remove();
    const button = row.querySelector("button");
    if (button) button.setAttribute("aria-expanded", "false");
  }

  // A province opens into its districts, a district into its wards.
  function makeOpenable(row) {
    const depth = Number(row.dataset.depth || 0);
    const children = (depth === 0 ? byParent.district : byParent.ward).get(row.dataset.key);
    if (depth > 1 || !children) return;
    const name = row.querySelector("bdi");
    const button = make("button", undefined, { type: "button", "aria-expanded": "false" });
    name.replaceWith(button);
    button.append(name);
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-expanded") === "true") return closeRow(row);
      button.setAttribute("aria-expanded", "true");
      const rows = children.map((child) => placeRow(child, depth + 1));
      row.after(...rows);
      rows.forEach(makeOpenable);
    });
  }

  function textOf(cell) {
    const chosen = cell.querySelector(isEnglish() ? ".en" : ".vi");
    return (chosen || cell).textContent.trim();
  }

  function makeSortable(table) {
    const heads = [...table.tHead.rows[0].cells];
    const body = table.tBodies[0];
    heads.forEach((head, at) => {
      const button = make("button", undefined, { type: "button" });
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        [...body.rows].filter((row) => !row.dataset.depth).forEach(closeRow);
        const isNumber = head.classList.contains("number");
        const wasSorted = head.getAttribute("aria-sort");
        const order = wasSorted ? (wasSorted === "ascending" ? -1 : 1) : isNumber ? -1 : 1;
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", order > 0 ? "ascending" : "descending");
        const compare = isNumber
          ? (a, b) => Number(a.cells[at].dataset.value) - Number(b.cells[at].dataset.value)
          : (a, b) => textOf(a.cells[at]).localeCompare(textOf(b.cells[at]), "vi");
        body.append(...[...body.rows].sort((a, b) => order * compare(a, b)));
      });
    });
  }

  // Names are found with their marks or without.
  function fold(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();
  }

  function addFilter(table, labelVi, labelEn, onInput) {
    const label = make("label", undefined, { class: "filter" });
    const words = make("span");
    words.append(both(labelVi, labelEn));
    const input = make("input", undefined, { type: "search", autocomplete: "off" });
    label.append(words, input);
    table.closest(".scroll").before(label);
    input.addEventListener("input", () => onInput(fold(input.value.trim())));
  }

  for (const table of document.querySelectorAll("table.sortable")) {
    const body = table.tBodies[0];
    const level = table.id.replace("-table", "");
    if (places[level]) {
      // All of them can be found, not only those that the page shows at first.
      const first = [...body.rows];
      const folded = places[level].map((row) => fold(row[0] + " " + row[1]));
      addFilter(table, "Tìm theo tên hoặc mã", "Find by name or code", (wanted) => {
        if (wanted === "") return body.replaceChildren(...first);
        const found = places[level].filter((row, at) => folded[at].includes(wanted)).slice(0, mostFound);
        body.replaceChildren(...found.map((row) => placeRow(row, 0)));
      });
    } else if (body.rows.length > 10) {
      addFilter(table, "Lọc", "Filter", (wanted) => {
        [...body.rows].filter((row) => !row.dataset.depth).forEach(closeRow);
        for (const row of body.rows) row.hidden = !fold(row.cells[0].textContent).includes(wanted);
      });
    }
    makeSortable(table);
  }
  const provinces = document.getElementById("province-table");
  if (provinces) [...provinces.tBodies[0].rows].forEach(makeOpenable);

  for (const choice of document.querySelectorAll(".choice")) {
    choice.addEventListener("change", () => {
      document.documentElement.lang = isEnglish() ? "en" : "vi";
    });
  }
})();
`;
