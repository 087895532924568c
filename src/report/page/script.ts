import { absentNames } from "./value-names.js";

/**
 * What the page does beyond showing: its tables sort and filter, provinces open into districts, wards and facilities,
 * every district, ward and facility is found and sorted though the page shows the first of them. Plain script, no
 * library, no request; the page is complete without it. Texts become nodes by `textContent` alone, so nothing that was
 * delivered is ever read as markup.
 */
export const pageScript = String.raw`"use strict";
(() => {
  const places = JSON.parse(document.getElementById("places").textContent);
  const byParent = {
    district: group(places.district || [], (key) => key.slice(0, key.lastIndexOf("/"))),
    ward: group(places.ward || [], (key) => key.slice(0, key.lastIndexOf("/"))),
    // The code of a facility begins with that of its province.
    facility: group(places.facility || [], (key) => key.slice(0, 2)),
  };
  const absent = new Map(${JSON.stringify(Object.entries(absentNames))});
  const isEnglish = () => document.getElementById("en").checked;
  const mostFound = 100;
  const collator = new Intl.Collator("vi");

  function group(rows, parentOf) {
    const groups = new Map();
    for (const row of rows) {
      const parent = parentOf(row[0]);
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

  // What each column of writeRows is sorted by, from a row of the page's data.
  function placeValues([key, label, cleaned, errors, exceptions, cleanPeople, wrongPeople, exceptPeople]) {
    const share = (part, whole) => (whole > 0 ? (part * 100) / whole : -1);
    const all = cleaned + errors + exceptions;
    return [
      label || key,
      ...[errors + exceptions, errors, exceptions, all],
      ...[share(cleaned, cleaned + errors), share(cleaned, all)],
      ...[cleanPeople + wrongPeople + exceptPeople, share(cleanPeople, cleanPeople + wrongPeople)],
    ];
  }

  // The columns of writeRows, from a row of the page's data.
  function placeRow(place, depth) {
    const [key, label, cleaned, errors, exceptions, cleanPeople, wrongPeople] = place;
    const [, unclean, , , all, cleanShare, shareOfAll, people, peopleShare] = placeValues(place);
    const row = make("tr", undefined, { "data-key": key });
    if (depth > 0) row.setAttribute("data-depth", depth);
    const head = make("th", undefined, { scope: "row" });
    const name = make("bdi");
    name.append(both(label || key, (label || key).split(", ").map((part) => absent.get(part) || part).join(", ")));
    head.append(name, " ");
    const code = make("span", undefined, { class: "small" });
    code.append(make("bdi", key));
    head.append(code);
    row.append(
      head,
      ...[unclean, errors, exceptions, all].map((count) => numberCell(count, writeCount(count))),
      numberCell(cleanShare, writePercent(cleaned, cleaned + errors), writeShare(cleaned, cleaned + errors)),
      numberCell(shareOfAll, writePercent(cleaned, all), drawBar([["cleaned", cleaned], ["errors", errors], ["exceptions", exceptions]], all)),
      numberCell(people, writeCount(people)),
      numberCell(peopleShare, writePercent(cleanPeople, cleanPeople + wrongPeople), writeShare(cleanPeople, cleanPeople + wrongPeople)),
    );
    return row;
  }

  function closeRow(row) {
    for (let next = row.nextElementSibling; next && Number(next.dataset.depth || 0) > Number(row.dataset.depth || 0); next = row.nextElementSibling) next.remove();
    const button = row.querySelector("button");
    if (button) button.setAttribute("aria-expanded", "false");
  }

  // A button in the place of a row's name, which opens it into the rows that makeRows gives.
  function addOpener(row, name, makeRows) {
    const button = make("button", undefined, { type: "button", "aria-expanded": "false" });
    name.replaceWith(button);
    button.append(name);
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-expanded") === "true") return closeRow(row);
      button.setAttribute("aria-expanded", "true");
      row.after(...makeRows());
    });
  }

  // A province opens into its districts and its facilities, a district into its wards.
  function makeOpenable(row) {
    const depth = Number(row.dataset.depth || 0);
    if (depth > 1) return;
    const children = (depth === 0 ? byParent.district : byParent.ward).get(row.dataset.key) || [];
    const facilities = (depth === 0 && byParent.facility.get(row.dataset.key)) || [];
    if (children.length + facilities.length === 0) return;
    addOpener(row, row.querySelector("bdi"), () => {
      const rows = children.map((child) => placeRow(child, depth + 1));
      rows.forEach(makeOpenable);
      return facilities.length > 0 ? [...rows, facilityGroup(row, facilities)] : rows;
    });
  }

  // People are counted where they live, and at a facility where they were vaccinated: so this row has no numbers itself.
  function facilityGroup(province, facilities) {
    const row = make("tr", undefined, { "data-depth": 1 });
    const head = make("th", undefined, { scope: "row", colspan: province.cells.length });
    const name = make("span");
    name.append(both(
      "Cơ sở tiêm chủng mang mã của tỉnh: " + grouped(facilities.length, "."),
      "Facilities with the province's code: " + grouped(facilities.length, ","),
    ));
    head.append(name);
    row.append(head);
    addOpener(row, name, () => facilities.map((facility) => placeRow(facility, 2)));
    return row;
  }

  function textOf(cell) {
    const chosen = cell.querySelector(isEnglish() ? ".en" : ".vi");
    return (chosen || cell).textContent.trim();
  }

  // Names are found with their marks or without.
  function fold(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();
  }

  // A table whose rows all stand in the page. A filter hides the others: print shows them all.
  function listRows(body) {
    const rows = [...body.rows];
    return {
      count: rows.length,
      unit: ["dòng", "rows"],
      textAt: (at) => rows[at].cells[0].textContent,
      valueAt: (at, column, isNumber) =>
        isNumber ? Number(rows[at].cells[column].dataset.value) : textOf(rows[at].cells[column]),
      draw(order, isHit) {
        rows.forEach(closeRow);
        body.append(...order.map((at) => rows[at]));
        rows.forEach((row, at) => { row.hidden = !isHit(at); });
        return [rows.filter((row) => !row.hidden).length, rows.length];
      },
    };
  }

  // A table of all places of a level, of which a row is made when it is shown. The page wrote the first ones, which
  // are the first of the data too.
  function listPlaces(body, level) {
    const written = [...body.rows];
    return {
      count: level.length,
      unit: ["kết quả", "hits"],
      textAt: (at) => level[at][0] + " " + level[at][1],
      valueAt: (at, column) => placeValues(level[at])[column],
      draw(order, isHit, isFiltered) {
        const hits = order.filter(isHit);
        const shown = hits.slice(0, isFiltered ? mostFound : written.length);
        body.replaceChildren(...shown.map((at) => written[at] || placeRow(level[at], 0)));
        return [shown.length, hits.length];
      },
    };
  }

  // Order and filter of a table: each is kept when the other changes.
  function watchTable(table, list) {
    const heads = [...table.tHead.rows[0].cells];
    const unsorted = Array.from({ length: list.count }, (_, at) => at);
    const status = make("span", undefined, { role: "status" });
    let folded;
    let order = unsorted;
    let wanted = "";

    function show(text) {
      if (text !== "") folded = folded || unsorted.map((at) => fold(list.textAt(at)));
      const [shown, all] = list.draw(order, (at) => text === "" || folded[at].includes(text), text !== "");
      const [vi, en] = list.unit;
      if (text === "") status.replaceChildren();
      else if (shown === 0) status.replaceChildren(both("Không có kết quả nào", "No hits"));
      else status.replaceChildren(both(
        "Hiện " + grouped(shown, ".") + " trong số " + grouped(all, ".") + " " + vi,
        "Showing " + grouped(shown, ",") + " of " + grouped(all, ",") + " " + en,
      ));
    }

    function sort() {
      const column = heads.findIndex((head) => head.hasAttribute("aria-sort"));
      const isNumber = heads[column].classList.contains("number");
      const direction = heads[column].getAttribute("aria-sort") === "ascending" ? 1 : -1;
      const values = unsorted.map((at) => list.valueAt(at, column, isNumber));
      const compare = isNumber ? (a, b) => a - b : collator.compare;
      order = [...unsorted].sort((a, b) => direction * compare(values[a], values[b]));
      show(wanted);
    }

    for (const head of heads) {
      const button = make("button", undefined, { type: "button" });
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const before = head.getAttribute("aria-sort") || (head.classList.contains("number") ? "ascending" : "descending");
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", before === "ascending" ? "descending" : "ascending");
        // It says in which order the page was written.
        table.caption.hidden = true;
        sort();
      });
    }

    return {
      addFilter(labelVi, labelEn) {
        const filter = make("div", undefined, { class: "filter" });
        const label = make("label");
        const words = make("span");
        words.append(both(labelVi, labelEn));
        const input = make("input", undefined, { type: "search", autocomplete: "off" });
        label.append(words, input);
        filter.append(label, status);
        table.closest(".scroll").before(filter);
        input.addEventListener("input", () => {
          wanted = fold(input.value.trim());
          show(wanted);
        });
      },
      // On paper nobody can clear a filter.
      printWhole() {
        addEventListener("beforeprint", () => show(""));
        addEventListener("afterprint", () => show(wanted));
      },
      // Texts have another order in another language.
      sortAgain() {
        if (heads.some((head) => head.hasAttribute("aria-sort") && !head.classList.contains("number"))) sort();
      },
    };
  }

  const watched = [...document.querySelectorAll("table.sortable")].map((table) => {
    const body = table.tBodies[0];
    const level = places[table.id.replace("-table", "")];
    const watch = watchTable(table, level ? listPlaces(body, level) : listRows(body));
    if (level) {
      watch.addFilter("Tìm theo tên hoặc mã", "Find by name or code");
      watch.printWhole();
    } else if (body.rows.length > 10) watch.addFilter("Lọc", "Filter");
    return watch;
  });
  const provinces = document.getElementById("province-table");
  if (provinces) [...provinces.tBodies[0].rows].forEach(makeOpenable);

  for (const choice of document.querySelectorAll(".choice")) {
    choice.addEventListener("change", () => {
      document.documentElement.lang = isEnglish() ? "en" : "vi";
      for (const watch of watched) watch.sortAgain();
    });
  }
})();
`;
