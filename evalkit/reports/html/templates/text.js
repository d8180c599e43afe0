/* Texts with their names and word differences marked. */

/** Places of the words of a text: [start, end]. Where there are no spaces, the browser divides. */
function words(text) {
  if (!data.spaced && Intl.Segmenter) {
    return [...new Intl.Segmenter(data.language, { granularity: "word" }).segment(text)]
      .filter((found) => found.isWordLike).map((found) => [found.index, found.index + found.segment.length]);
  }
  return [...text.matchAll(/[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*/gu)].map((found) => [found.index, found.index + found[0].length]);
}

/** Words of each text that the other has not, or not there: a longest common subsequence of words. */
function differences(reference, hypothesis) {
  const a = words(reference), b = words(hypothesis), n = a.length, m = b.length;
  if (n * m > 4e6) return [[], []];
  const left = a.map(([start, end]) => reference.slice(start, end)), right = b.map(([start, end]) => hypothesis.slice(start, end));
  const width = m + 1, length = new Uint32Array((n + 1) * width);
  for (let i = n - 1; i >= 0; i--) {
    for (let j = m - 1; j >= 0; j--) {
      length[i * width + j] = left[i] === right[j] ? length[(i + 1) * width + j + 1] + 1 : Math.max(length[(i + 1) * width + j], length[i * width + j + 1]);
    }
  }
  const gone = [], fresh = [];
  let i = 0, j = 0;
  while (i < n && j < m) {
    if (left[i] === right[j]) { i++; j++; }
    else if (length[(i + 1) * width + j] >= length[i * width + j + 1]) gone.push(a[i++]);
    else fresh.push(b[j++]);
  }
  return [gone.concat(a.slice(i)), fresh.concat(b.slice(j))];
}

/** What is said of a name on hover and focus. */
function explanation(system, name) {
  const outcome = data.outcomes[name[OUTCOME]], why = data.reasons[name[REASON]];
  const there = name[FOUND] === undefined ? "" : system.texts[name[FOUND]].slice(name[FOUND_START], name[FOUND_END]);
  if (name[SEGMENT] < 0) return `${there}: spurious. The reference has no such name.`;
  const here = referencesOf(name[SEGMENT])[0].slice(name[START], name[END]);
  const became = there ? ` → ${there}` : "";
  const elsewhere = there && name[FOUND] !== name[SEGMENT] ? ` It stands in segment ${data.segments[name[FOUND]][1]}.` : "";
  const similar = name[SIMILARITY] === undefined || ACCEPTED.has(outcome) ? "" : ` ${name[SIMILARITY]}% similar.`;
  return `${here} (${data.types[name[TYPE]]})${became}: ${outcome}${why ? `, ${why}` : ""}.${similar}${elsewhere}`;
}

/** A text with marks around its names and changed words. */
function marked(text, names, changed, kind) {
  const holder = document.createDocumentFragment();
  let next = 0;
  const plain = (parent, from, to) => {
    while (from < to) {
      while (next < changed.length && changed[next][1] <= from) next++;
      const [start, end] = changed[next] || [to, to];
      if (start > from) parent.append(text.slice(from, Math.min(start, to)));
      if (start < to) parent.append(make(kind, {}, text.slice(Math.max(start, from), Math.min(end, to))));
      from = Math.max(from, Math.min(Math.max(end, start), to));
    }
  };
  let at = 0;
  for (const { start, end, outcome, tip } of [...names].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (start < at) continue; // within a longer one
    plain(holder, at, start);
    const mark = make("mark", { class: `name o-${outcome}`, tabindex: 0, "data-tip": tip });
    plain(mark, start, end);
    if (outcome !== "exact") mark.append(make("span", { class: "label" }, outcome));
    holder.append(mark);
    at = end;
  }
  plain(holder, at, text.length);
  return holder;
}

/** The reference and the hypothesis of a segment as elements. */
function pair(system, segment, options) {
  const reference = referencesOf(segment)[0], hypothesis = system.texts[segment];
  const [gone, fresh] = options.words && hypothesis.trim() ? differences(reference, hypothesis) : [[], []];
  const marks = (names, start, end) => (names || []).map((name) => (
    { start: name[start], end: name[end], outcome: data.outcomes[name[OUTCOME]], tip: explanation(system, name) }));
  const left = make("div", { class: "text", dir: "auto", lang: data.language }, marked(reference, marks(system.inReference.get(segment), START, END), gone, "del"));
  const right = make("div", { class: "text", dir: "auto", lang: data.language });
  if (hypothesis.trim()) right.append(marked(hypothesis, marks(system.inHypothesis.get(segment), FOUND_START, FOUND_END), fresh, "ins"));
  else right.append(make("span", { class: "tag omitted" }, "omitted: no hypothesis"));
  if (system.flags[segment] & MOVED) right.prepend(make("span", { class: "tag moved", "data-tip": "Stands elsewhere in the text of the system.", tabindex: 0 }, "moved"), " ");
  return [left, right];
}

/** Options of texts, the same in all views. */
const shown = { words: true, source: true };

/** The scores of a segment in a line. */
function scoreLine(system, segment) {
  const texts = data.metrics.map((metric, m) => [metric, system.scores[m][segment]]).filter(([, value]) => value !== null);
  return make("p", { class: "scoreline" }, texts.map(([metric, value]) => `${metric.label} ${scoreText(value, metric)}`).join(" · "));
}
