"use strict";
// The documents of the report: shown, filtered, searched, corrected. Text from outside goes into the page as text only.
(() => {
  const $ = (id) => document.getElementById(id);
  const data = JSON.parse($("data").textContent);
  const documents = data.documents;
  const modes = ["marked", "after", "before"];
  const RUN = 4; // so many removed pieces in a row and more are folded
  const NEAR = 120; // characters of context in a correction
  const state = { shown: [], open: -1, mode: 0, chosen: null, part: "", marks: new Map(), others: [], saved: true };

  const make = (tag, text, attributes = {}) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const button = (text, act, attributes = {}) => {
    const element = make("button", text, { type: "button", ...attributes });
    element.addEventListener("click", act);
    return element;
  };
  const hue = (category) => {
    const at = data.categories.indexOf(category);
    return at < 0 ? "kx" : "k" + at;
  };
  const chip = (category) => make("span", category, { class: "chip " + hue(category) });
  const percent = (share) => (100 * share).toFixed(0) + " %";
  const textOf = (segment) => (typeof segment === "string" ? segment : segment[0]);
  const titleOf = (doc) => (doc.meta.find(([name]) => name === "title") || [])[1] || doc.id;

  // What is searched and filtered by, once for all.
  for (const doc of documents) {
    const lines = doc.lines.map((line) => line.map(textOf).join(" "));
    doc.haystack = [doc.id, doc.site, ...doc.meta.map((row) => row[1]), ...lines].join("\n").toLowerCase();
    doc.categories = new Set(doc.lines.flat().filter(Array.isArray).map((piece) => piece[1]));
  }

  // Filters
  const fill = (id, all, values) => {
    const counts = new Map();
    for (const value of values) counts.set(value, (counts.get(value) || 0) + 1);
    $(id).append(make("option", all, { value: "*" }));
    for (const value of [...counts.keys()].sort()) {
      $(id).append(make("option", `${value || "(unknown)"} (${counts.get(value)})`, { value: "=" + value }));
    }
    $(id).addEventListener("change", filter);
  };
  const chosenValue = (id) => $(id).value;
  const matches = (doc) => {
    const has = (id, test) => chosenValue(id) === "*" || test(chosenValue(id).slice(1));
    const words = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    return has("site", (value) => doc.site === value) && has("language", (value) => doc.language === value) &&
      has("category", (value) => doc.categories.has(value)) && words.every((word) => doc.haystack.includes(word));
  };
  function filter() {
    const order = $("order").value;
    state.shown = documents.map((_, at) => at).filter((at) => matches(documents[at]));
    const sign = order === "confidence" ? 1 : -1;
    if (order) state.shown.sort((a, b) => sign * (documents[a][order] - documents[b][order]) || a - b);
    $("found").textContent = `${state.shown.length} of ${documents.length}`;
    $("list").replaceChildren(...state.shown.map(entry));
  }
  const entry = (at) => {
    const doc = documents[at];
    const item = make("li");
    const open = button(titleOf(doc), () => show(at, true), { class: "open", "data-at": at });
    if (at === state.open) open.setAttribute("aria-current", "true");
    const facts = [doc.site, doc.language, `${percent(doc.share)} removed`, `confidence ${doc.confidence.toFixed(2)}`];
    open.append(make("span", facts.filter(Boolean).join(" · ")));
    item.append(open);
    return item;
  };

  // One document
  const nameOf = (doc, line, segment) => `${documents.indexOf(doc)}:${line}:${segment}`;
  const about = (doc) => {
    const box = make("div", undefined, { class: "meta dim" });
    const table = make("table");
    for (const [name, value, source] of doc.meta) {
      const row = make("tr");
      row.append(make("th", name, { scope: "row" }), make("td", value), make("td", source));
      table.append(row);
    }
    if (doc.link) box.append(make("a", "open the address", { href: doc.link, rel: "noreferrer noopener", target: "_blank" }));
    box.append(table);
    if (!doc.whole) box.append(make("p", "This document is too long to be shown whole."));
    return box;
  };
  const piece = (doc, segment, line, at, alone) => {
    const [text, category, evidence, score] = segment;
    const key = nameOf(doc, line, at);
    const element = make("del", text, {
      class: `${hue(category)}${alone ? " alone" : ""}`, tabindex: 0, "data-key": key, "data-category": category,
      title: `${category} · ${evidence} · ${score}`, "aria-label": `removed, ${category}: ${text}`,
    });
    return state.marks.has(key) ? (element.classList.add("wrong"), element) : element;
  };
  const lineElement = (doc, line, number) => {
    if (line.every(Array.isArray)) return piece(doc, line[0], number, 0, true);
    const key = nameOf(doc, number, -1);
    const element = make("p", undefined, { tabindex: 0, "data-key": key });
    if (state.marks.has(key)) element.classList.add("wrong");
    line.forEach((segment, at) => {
      const inner = typeof segment === "string" ? document.createTextNode(segment) : piece(doc, segment, number, at, false);
      if (at && typeof segment !== "string") element.append(" ");
      element.append(inner);
    });
    return element;
  };
  const fold = (elements) => {
    if (elements.length <= RUN) return elements;
    const box = make("details", undefined, { class: "run" });
    const names = [...new Set(elements.map((element) => element.dataset.category))].slice(0, 4).join(", ");
    box.append(make("summary", `${elements.length} removed pieces: ${names}`), ...elements);
    return [box];
  };
  const bodyOf = (doc) => {
    const box = make("div", undefined, { class: "text " + modes[state.mode], lang: doc.language || "und", dir: "auto" });
    let run = [];
    doc.lines.forEach((line, number) => {
      const element = lineElement(doc, line, number);
      if (element.classList.contains("alone")) return run.push(element);
      box.append(...fold(run), element);
      run = [];
    });
    box.append(...fold(run));
    return box;
  };
  const tools = () => {
    const box = make("div", undefined, { class: "tools" });
    box.append(button("← List", () => leave(), { class: "back" }));
    const labels = ["Marked", "After", "Before"];
    labels.forEach((label, at) => box.append(button(label, () => setMode(at), { "data-mode": at, "aria-pressed": at === state.mode })));
    box.append(button("Open all folded", () => document.querySelectorAll(".run").forEach((run) => { run.open = true; })));
    return box;
  };
  function show(at, jump) {
    state.open = at;
    choose(null);
    const doc = documents[at];
    $("document").replaceChildren(make("h3", titleOf(doc)), about(doc), tools(), bodyOf(doc));
    document.querySelector(".panes").classList.add("reading");
    for (const open of document.querySelectorAll(".open")) open.toggleAttribute("aria-current", Number(open.dataset.at) === at);
    if (!jump) return;
    $("document").focus({ preventScroll: true });
    $("documents").scrollIntoView();
  }
  const leave = () => {
    document.querySelector(".panes").classList.remove("reading");
    choose(null);
    const back = document.querySelector(`.open[data-at="${state.open}"]`);
    if (back) back.focus();
  };
  const setMode = (mode) => {
    state.mode = mode;
    const text = document.querySelector(".text");
    if (text) text.className = "text " + modes[mode];
    document.querySelectorAll("[data-mode]").forEach((b) => b.setAttribute("aria-pressed", String(Number(b.dataset.mode) === mode)));
  };

  // Why a piece went, and what a reader thinks of it
  const find = (key) => {
    const [at, line, segment] = key.split(":").map(Number);
    const doc = documents[at];
    return { doc, line, content: segment < 0 ? null : doc.lines[line][segment] };
  };
  const keptText = (line) => line.filter((segment) => typeof segment === "string").join(" ");
  const near = (doc, line, step) => {
    for (let at = line + step; at >= 0 && at < doc.lines.length; at += step) {
      const text = keptText(doc.lines[at]);
      if (text) return step < 0 ? text.slice(-NEAR) : text.slice(0, NEAR);
    }
    return "";
  };
  const selected = (element) => {
    const selection = window.getSelection();
    const inside = selection.rangeCount && element.contains(selection.anchorNode) && element.contains(selection.focusNode);
    return inside ? selection.toString().trim() : "";
  };
  const correction = (key, category, part) => {
    const { doc, line, content } = find(key);
    const [text, known, evidence, , path] = content || [part || keptText(doc.lines[line]).trim(), category, "", 0, ""];
    return {
      id: doc.id, site: doc.site, language: doc.language, source_format: doc.format, text,
      category: content ? known : category, verdict: content ? "keep" : "remove",
      before: near(doc, line, -1), after: near(doc, line, 1), evidence, path, part: Boolean(part),
    };
  };
  const toggle = (key, category = "boilerplate", part = "") => {
    if (!state.marks.delete(key)) state.marks.set(key, correction(key, category, part));
    state.saved = state.marks.size === 0;
    document.querySelectorAll(`[data-key="${key}"]`).forEach((e) => e.classList.toggle("wrong", state.marks.has(key)));
    if (state.chosen === key) explain(key);
    listMarks();
  };
  const listMarks = () => {
    $("count").textContent = state.marks.size;
    $("save").disabled = state.marks.size + state.others.length === 0;
    $("marks").replaceChildren(...[...state.marks].map(([key, row]) => {
      const item = make("li");
      const verdict = row.verdict === "keep" ? "wrongly removed" : "wrongly kept";
      item.append(make("b", verdict, { class: row.verdict }), chip(row.category), make("span", row.text.slice(0, 200), { class: "what" }));
      item.append(button("Undo", () => toggle(key)));
      return item;
    }));
  };
  const controls = (key, content) => {
    const box = make("div", undefined, { class: "push" });
    const marked = state.marks.get(key);
    if (content && content[5]) return make("span", "too long to be marked here", { class: "dim" });
    if (content || marked) {
      box.append(button(marked ? "Take the mark back" : "Wrongly removed", () => toggle(key), { id: "mark" }));
      return box;
    }
    const kind = make("select", undefined, { "aria-label": "What it is", id: "kind" });
    for (const name of data.categories) kind.append(make("option", name, name === "boilerplate" ? { selected: "" } : {}));
    kind.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); markChosen(); } });
    box.append(kind, button(markLabel(), () => toggle(key, kind.value, state.part), { id: "mark" }));
    return box;
  };
  const markLabel = () => (state.part ? "Selection wrongly kept" : "Wrongly kept");
  // A finger and a keyboard select after the paragraph has the focus, and lose the selection on the way to the button.
  const noteSelection = () => {
    const element = state.chosen && document.querySelector(`p[data-key="${state.chosen}"]`);
    const mark = $("mark");
    if (!element || !mark || state.marks.has(state.chosen)) return;
    const selection = window.getSelection();
    const within = selection.rangeCount && element.contains(selection.anchorNode);
    const part = selected(element);
    if (part || within) state.part = part;
    mark.textContent = markLabel();
  };
  function explain(key, hovered = false) {
    const { doc, line, content } = find(key);
    const marked = state.marks.get(key);
    if (content) {
      const [, category, evidence, score, path] = content;
      $("why").replaceChildren(chip(category), make("span", `score ${score}`), make("code", evidence));
      if (path) $("why").append(make("code", path, { class: "dim" }));
    } else {
      $("why").replaceChildren(make("span", marked ? `wrongly kept, ${marked.category}` : "kept"), make("span", keptText(doc.lines[line]).slice(0, 80), { class: "dim" }));
    }
    if (!hovered) $("why").append(controls(key, content));
    $("why").hidden = false;
  }
  function choose(key) {
    const element = key && document.querySelector(`p[data-key="${key}"]`);
    if (key !== state.chosen || !element) state.part = "";
    if (element) state.part = selected(element) || state.part;
    state.chosen = key;
    document.querySelectorAll(".chosen").forEach((element) => element.classList.remove("chosen"));
    if (key === null) { $("why").hidden = true; return; }
    document.querySelectorAll(`[data-key="${key}"]`).forEach((element) => element.classList.add("chosen"));
    explain(key);
  }
  const keyAt = (event) => { const hit = event.target.closest("[data-key]"); return hit && hit.dataset.key; };
  $("document").addEventListener("focusin", (event) => { const key = keyAt(event); if (key) choose(key); });
  $("document").addEventListener("mouseup", (event) => { const key = keyAt(event); if (key) setTimeout(() => choose(key)); });
  $("document").addEventListener("mouseover", (event) => {
    const key = keyAt(event);
    if (key && event.target.closest("del")) explain(key, key !== state.chosen);
  });
  $("document").addEventListener("mouseout", (event) => {
    if (event.target.closest("del")) choose(state.chosen);
  });

  document.addEventListener("selectionchange", noteSelection);

  // Saving, and going on with what was saved
  const save = () => {
    if (!state.marks.size && !state.others.length) return;
    const text = [...state.marks.values(), ...state.others].map((row) => JSON.stringify(row) + "\n").join("");
    const link = make("a", "", { download: "feedback.jsonl", href: URL.createObjectURL(new Blob([text], { type: "application/x-ndjson" })) });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    state.saved = true;
  };
  // The place of a correction; the first that has no mark where the same text stands in several.
  const placeOf = (row) => {
    const doc = documents.find(({ id }) => id === row.id);
    if (!doc || (row.verdict !== "keep" && row.verdict !== "remove")) return null;
    for (const [number, line] of doc.lines.entries()) {
      const kept = keptText(line);
      const hit = row.part ? kept.includes(row.text) : kept.trim() === row.text;
      const at = row.verdict === "remove" ? (kept && hit ? -1 : null)
        : line.findIndex((segment) => Array.isArray(segment) && segment[0] === row.text && segment[1] === row.category);
      if (at === null || (row.verdict === "keep" && at < 0)) continue;
      const key = nameOf(doc, number, at);
      if (!state.marks.has(key)) return key;
    }
    return null;
  };
  const take = (text) => {
    const rows = text.split("\n").filter((line) => line.trim()).map((line) => JSON.parse(line));
    if (!rows.every((row) => row && [row.id, row.text, row.verdict, row.category].every((value) => typeof value === "string"))) throw new TypeError();
    let found = 0;
    for (const row of rows) {
      const key = placeOf(row);
      if (key) { state.marks.set(key, row); found += 1; } else state.others.push(row);
    }
    return `${found} of ${rows.length} corrections loaded.` +
      (found < rows.length ? " The others are of documents that are not shown here, and are saved again as they are." : "");
  };
  const load = async (event) => {
    const file = event.target.files[0];
    if (!file) return;
    try {
      $("told").textContent = take(await file.text());
    } catch {
      $("told").textContent = `${file.name} is not a file of corrections.`;
    }
    event.target.value = "";
    if (state.open >= 0) show(state.open, false);
    listMarks();
  };
  window.addEventListener("beforeunload", (event) => { if (!state.saved) event.preventDefault(); });

  // Keys
  const step = (by) => {
    const at = state.shown.indexOf(state.open) + by;
    if (at >= 0 && at < state.shown.length) show(state.shown[at], true);
  };
  const hop = (by, what) => {
    const pieces = [...document.querySelectorAll(what)];
    const now = state.chosen && document.querySelector(`.text [data-key="${state.chosen}"]`);
    const side = by > 0 ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING;
    const there = now ? pieces.filter((element) => now.compareDocumentPosition(element) & side) : pieces;
    const next = there.at(by > 0 ? 0 : -1);
    if (!next) return;
    const run = next.closest(".run");
    if (run) run.open = true;
    next.focus();
    next.scrollIntoView({ block: "center" });
  };
  const acts = {
    "/": () => $("search").focus(), j: () => step(1), k: () => step(-1), "]": () => hop(1, ".text del"), "[": () => hop(-1, ".text del"),
    n: () => hop(1, ".text p"), p: () => hop(-1, ".text p"), c: () => $("kind") && $("kind").focus(),
    m: () => state.chosen && markChosen(), t: () => setMode((state.mode + 1) % modes.length), s: save,
    "?": () => $("keys").showModal(), Escape: leave,
  };
  const markChosen = () => { const mark = $("mark"); if (mark) mark.click(); };
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, dialog");
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (typing && event.key === "Escape" && !event.target.closest("dialog")) { event.target.blur(); return; }
    const act = typing ? null : acts[event.key];
    if (act) { event.preventDefault(); act(); }
  });

  // The rest of the page
  const worth = ([name, found]) => {
    const box = make("div");
    const list = make("ol");
    for (const at of found) {
      const item = make("li");
      const doc = documents[at];
      item.append(button(titleOf(doc), () => show(at, true), { class: "pick" }));
      item.append(make("span", ` ${percent(doc.share)} removed, confidence ${doc.confidence.toFixed(2)}`, { class: "dim" }));
      list.append(item);
    }
    box.append(make("h3", name), list);
    return box;
  };
  const pick = (event) => {
    const hit = event.target.closest("#overview .pick");
    if (!hit) return;
    const { kind, value } = hit.dataset;
    for (const id of ["site", "language", "category"]) $(id).value = "*";
    $("search").value = "";
    $(kind).value = "=" + value;
    if ($(kind).value) {
      filter();
    } else { // counted in the whole output, but in none of the documents of the sample
      $(kind).value = "*";
      filter();
      $("found").textContent += `; none is of ${value || "(unknown)"}: report --sample shows more`;
    }
    $("documents").scrollIntoView();
  };
  const theme = () => {
    const dark = document.documentElement.classList.contains("dark") ||
      (!document.documentElement.classList.contains("light") && matchMedia("(prefers-color-scheme: dark)").matches);
    document.documentElement.className = dark ? "light" : "dark";
  };
  $("lists").append(...data.worth.filter(([, found]) => found.length).map(worth));
  fill("site", "all sites", documents.map((doc) => doc.site));
  fill("language", "all languages", documents.map((doc) => doc.language));
  fill("category", "all categories", documents.flatMap((doc) => [...doc.categories]));
  $("search").addEventListener("input", filter);
  $("order").addEventListener("change", filter);
  $("overview").addEventListener("click", pick);
  $("theme").addEventListener("click", theme);
  $("help").addEventListener("click", () => $("keys").showModal());
  $("save").addEventListener("click", save);
  $("load").addEventListener("change", load);
  filter();
})();
