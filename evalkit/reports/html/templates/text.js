/* Texts in which names and word differences are marked. */

/** The words of a text as [start, end]. Languages without spaces are segmented by the browser. */
function findWords(text) {
  if (!data.spaced && Intl.Segmenter) {
    return [...new Intl.Segmenter(data.language, { granularity: "word" }).segment(text)]
      .filter((word) => word.isWordLike).map((word) => [word.index, word.index + word.segment.length]);
  }
  return [...text.matchAll(/[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*/gu)]
    .map((match) => [match.index, match.index + match[0].length]);
}

/** Above this product of word counts no differences are marked: the table below would be too large. */
const MOST_CELLS = 4e6;

/** Words of each text that are not in a longest common subsequence of the two, as [start, end]. */
function findDifferences(reference, hypothesis) {
  const a = findWords(reference), b = findWords(hypothesis), n = a.length, m = b.length;
  if (n * m > MOST_CELLS) return [[], []];
  const left = a.map(([start, end]) => reference.slice(start, end));
  const right = b.map(([start, end]) => hypothesis.slice(start, end));
  // length[i, j]: of the longest common subsequence of left[i..] and right[j..]
  const width = m + 1, length = new Uint32Array((n + 1) * width);
  for (let i = n - 1; i >= 0; i--) {
    for (let j = m - 1; j >= 0; j--) {
      const below = length[(i + 1) * width + j], beside = length[i * width + j + 1];
      length[i * width + j] = left[i] === right[j]
        ? length[(i + 1) * width + j + 1] + 1 : Math.max(below, beside);
    }
  }
  const removed = [], added = [];
  let i = 0, j = 0;
  while (i < n && j < m) {
    if (left[i] === right[j]) { i++; j++; }
    else if (length[(i + 1) * width + j] >= length[i * width + j + 1]) removed.push(a[i++]);
    else added.push(b[j++]);
  }
  return [removed.concat(a.slice(i)), added.concat(b.slice(j))];
}

/** The explanation of a name on hover and focus. */
function explain(system, name) {
  const outcome = data.outcomes[name[OUTCOME]], reason = data.reasons[name[REASON]];
  const isFound = name[FOUND] !== undefined;
  const translation = isFound ? system.texts[name[FOUND]].slice(name[FOUND_START], name[FOUND_END]) : "";
  if (name[SEGMENT] < 0) return `${translation}: spurious, not in the reference.`;
  const mention = primaryOf(name[SEGMENT]).slice(name[START], name[END]);
  const arrow = translation ? ` → ${translation}` : "";
  const verdict = reason ? `${outcome}, ${reason}` : outcome;
  const sentences = [`${mention} (${data.types[name[TYPE]]})${arrow}: ${verdict}.`];
  if (name[SIMILARITY] !== undefined && !ACCEPTED.has(outcome)) {
    sentences.push(`${name[SIMILARITY]}% similar.`);
  }
  if (translation && name[FOUND] !== name[SEGMENT]) {
    sentences.push(`Found in segment ${data.segments[name[FOUND]][1]}.`);
  }
  return sentences.join(" ");
}

/** A text with marks around its names and its changed words; `tag` is the element for changed words. */
function markText(text, names, changed, tag) {
  const holder = document.createDocumentFragment();
  let next = 0;
  const append = (parent, from, to) => {
    while (from < to) {
      while (next < changed.length && changed[next][1] <= from) next++;
      const [start, end] = changed[next] || [to, to];
      if (start > from) parent.append(text.slice(from, Math.min(start, to)));
      if (start < to) parent.append(make(tag, {}, text.slice(Math.max(start, from), Math.min(end, to))));
      from = Math.max(from, Math.min(Math.max(end, start), to));
    }
  };
  let at = 0;
  // of names that start together the longest comes first, and others within it are skipped
  for (const { start, end, outcome, tip } of [...names].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (start < at) continue;
    append(holder, at, start);
    const mark = make("mark", { class: `name o-${outcome}`, tabindex: 0, "data-tip": tip });
    append(mark, start, end);
    if (outcome !== "exact") mark.append(make("span", { class: "label" }, outcome));
    holder.append(mark);
    at = end;
  }
  append(holder, at, text.length);
  return holder;
}

/** A text in the target language; the browser finds its direction. */
function makeText(...children) {
  return make("div", { class: "text", dir: "auto", lang: data.language }, ...children);
}

/** The reference and the hypothesis of a segment as elements. */
function makePair(system, segment, options) {
  const reference = primaryOf(segment), hypothesis = system.texts[segment];
  const isOmitted = !hypothesis.trim(), compare = options.words && !isOmitted;
  const [removed, added] = compare ? findDifferences(reference, hypothesis) : [[], []];
  const describe = (names, start, end) => (names || []).map((name) => ({
    start: name[start],
    end: name[end],
    outcome: data.outcomes[name[OUTCOME]],
    tip: explain(system, name),
  }));
  const inReference = describe(system.inReference.get(segment), START, END);
  const inHypothesis = describe(system.inHypothesis.get(segment), FOUND_START, FOUND_END);
  const right = makeText(isOmitted ? make("span", { class: "tag omitted" }, "omitted: no hypothesis")
    : markText(hypothesis, inHypothesis, added, "ins"));
  if (system.flags[segment] & MOVED) {
    const tip = "This text appears elsewhere in the system's output.";
    right.prepend(make("span", { class: "tag moved", "data-tip": tip, tabindex: 0 }, "moved"), " ");
  }
  return [makeText(markText(reference, inReference, removed, "del")), right];
}

/** What texts show, the same in all views. */
const shown = { words: true, source: true };

/** The scores of a segment in a line. */
function makeScoreLine(system, segment) {
  const scores = data.metrics.map((metric, m) => [metric, system.scores[m][segment]])
    .filter(([, value]) => value !== null)
    .map(([metric, value]) => `${metric.label} ${formatScore(value, metric)}`);
  return make("p", { class: "scoreline" }, scores.join(" · "));
}
