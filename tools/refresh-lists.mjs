#!/usr/bin/env node
// Rebuilds the data files in shared/Lists from collected sources, and versions.txt beside them.
//
//   node tools/refresh-lists.mjs --from DIR [--date YYYY-MM-DD]
//
// DIR holds what was collected (shared/Lists/README.md says what, from where, under which licence):
//   public_suffix_rules.txt, free_email_core.txt, email_providers_common.txt, disposable_email_core.txt,
//   legal_form_aliases.csv, accounts.csv (columns name and source; sources joined by '+'; only names from freely licensed ones are counted), and, for countries.csv, a node_modules with i18n-iso-countries and libphonenumber-js,
//   names.csv (a column name: many organisations' names, freely licensed; none of those that matching is measured by).
// A source that is absent leaves its list as it is. Lists that are written by hand (*.txt, *.csv without a source) are only versioned.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const lists = join(dirname(fileURLToPath(import.meta.url)), '..', 'shared', 'Lists');
const option = name => { const at = process.argv.indexOf(name); return at < 0 ? undefined : process.argv[at + 1]; };
const from = option('--from') && resolve(option('--from'));
const date = option('--date') ?? new Date().toISOString().slice(0, 10);

const rows = file => readFileSync(join(from, file), 'utf8').split(/\r?\n/).map(line => line.trim()).filter(line => line && !line.startsWith('#'));
const has = file => from && existsSync(join(from, file));
const write = (file, header, content) => writeFileSync(join(lists, file), `# ${header}\n${content.join('\n')}\n`);
const sorted = set => [...set].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));

// The simple form that NameKey compares in: no marks, lower case, dots joined ("S.A." is "sa"), the rest of the punctuation a space.
const words = text => text.replace(/ß/g, 'ss').replace(/ø/gi, 'o').replace(/ł/gi, 'l').replace(/đ/gi, 'd').replace(/æ/gi, 'ae').replace(/œ/gi, 'oe').replace(/ı/g, 'i')
  .normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/&/g, ' and ').replace(/[.'’]/g, '').replace(/[^\p{L}\p{N}]+/gu, ' ').trim();

if (has('public_suffix_rules.txt'))
  write('publicSuffix.txt', 'Public suffix rules, ICANN and private section. Mozilla Public Suffix List, MPL 2.0; as shipped in npm psl (MIT).', rows('public_suffix_rules.txt'));

if (has('free_email_core.txt') && has('email_providers_common.txt'))
  write('freeMail.txt', 'Free mail providers: in both free-email-domains (MIT) and freemail (ISC), and the best known of email-providers (ISC).',
    sorted(new Set([...rows('free_email_core.txt'), ...rows('email_providers_common.txt')].map(domain => domain.toLowerCase()))));

// 121,000 domains as sorted 48-bit prefixes of their SHA-256, big-endian: 0.7 MB that need no parsing; one false positive in two billion look-ups.
if (has('disposable_email_core.txt')) {
  const hashes = sorted(new Set(rows('disposable_email_core.txt').map(domain => createHash('sha256').update(domain.toLowerCase()).digest('hex').slice(0, 12))));
  writeFileSync(join(lists, 'disposable.bin'), Buffer.from(hashes.join(''), 'hex'));
}

const cellsOf = row => row.match(/("([^"]|"")*"|[^,]*)(,|$)/g)?.map(cell => cell.replace(/,$/, '').replace(/^"|"$/g, '').replaceAll('""', '"')) ?? [];

if (has('legal_form_aliases.csv')) {
  const forms = new Set();
  for (const row of readFileSync(join(from, 'legal_form_aliases.csv'), 'utf8').split(/\r?\n/).slice(1)) {
    const cells = cellsOf(row);
    if (cells.length < 4 || !/^(LLC|JSC|LP|LLP|GP|SP|CoLtd|OOO|COOP|NGO|)$/.test(cells[3].trim())) continue;
    for (const text of [cells[0], cells[1]].map(cell => cell.split('#')[0])) {
      const form = words(text);
      const count = form.split(' ').length;
      // One long word is as often part of the name (Verein, cooperative, partnership), and so is what clubs and charities call themselves.
      const short = form.length <= 5 && count === 1;
      if (/^(NGO|COOP|)$/.test(cells[3].trim()) ? short && form.length >= 2 : short || count > 1 || /haft$|bolag$|selskab$|vennootschap$/.test(form))
        // Of the two-letter forms only those that hardly ever end a name as an ordinary word.
        if ((form.length > 2 || /^(ab|ad|ag|ao|as|bv|bt|cv|dd|eg|ek|ev|gp|gk|hb|hf|ik|kb|kd|kg|kk|kf|ks|ky|lp|nv|od|oe|og|ou|oy|pt|rt|ry|sa|se|sl|uu|yk|[^a-z]+)$/.test(form)) && count <= 8 && !/^(charity|npo|ngo|coop|trust|bank|stock|private|public|free|state|cic)$/.test(form)) forms.add(form);
    }
  }
  write('legalForms.txt', 'Legal forms in the form that names are compared in. From rigour, resources/names/org_types.yml (MIT), short and multi-word forms only.', sorted(forms));
}

if (from && existsSync(join(from, 'node_modules', 'libphonenumber-js'))) {
  const require = createRequire(join(from, 'x.cjs'));
  const metadata = require('libphonenumber-js/metadata.min.json');
  const names = readdirSync(join(from, 'node_modules', 'i18n-iso-countries', 'langs')).map(file => require(`i18n-iso-countries/langs/${file}`).countries);
  const codes = require('i18n-iso-countries/codes.json');
  const callingCode = {};
  for (const [code, countries] of Object.entries(metadata.country_calling_codes)) for (const country of countries) callingCode[country] = code;
  const lines = codes.map(([iso2, iso3]) => {
    const known = new Set(names.flatMap(language => language[iso2] ?? []).map(words).filter(name => name.length > (/^[a-z ]*$/.test(name) ? 2 : 1)));
    const trunk = metadata.countries[iso2]?.[5] || '';
    return [iso2, iso3, callingCode[iso2] ?? '', /^\d{1,2}$/.test(trunk) ? trunk : '', sorted(known).join('|')].join(';');
  });
  write('countries.csv', 'iso2;iso3;calling code;trunk prefix;names in 70 languages. From i18n-iso-countries (MIT) and libphonenumber-js (MIT; metadata of libphonenumber, Apache 2.0).', sorted(lines));
}

// How common words are in names: a prior for directories that are too small to tell. After nameWords.csv, because abbreviations count as what they stand for.
if (has('accounts.csv')) {
  const free = new Set(['ror', 'financedatabase', 'h1b_datahub', 'dotgov', 'hifld_hospitals', 'sec', 'hipo_universities']);
  const expand = new Map(readFileSync(join(lists, 'nameWords.csv'), 'utf8').split('\n').map(line => line.split(';')).filter(cells => cells[0] === 'expand').map(cells => [cells[1], cells[2]]));
  const [header, ...accounts] = readFileSync(join(from, 'accounts.csv'), 'utf8').split(/\r?\n/).map(cellsOf);
  const [name, source] = [header.indexOf('name'), header.indexOf('source')];
  const names = accounts.filter(cells => cells[source] && cells[source].split('+').every(part => free.has(part))).map(cells => cells[name]);
  const counts = new Map();
  for (const text of names) for (const word of new Set(words(text).split(' ').map(word => expand.get(word) ?? word))) counts.set(word, (counts.get(word) ?? 0) + 1);
  write('commonWords.csv', 'Words that are common in names of organisations: word;how many of a million names have it. Counted in names from ROR (CC0), FinanceDatabase (MIT), SEC, HIFLD, USCIS and dotgov (US public domain, CC0) and university domains (MIT).',
    [...counts].filter(([word, count]) => word && count >= 7).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([word, count]) => `${word};${Math.round(count / names.length * 1e6)}`));
}

// How surprising a letter is after two others in words of names: what is misspelt looks odd. Each word counts once, smoothed by pairs, and these by single letters.
if (has('names.csv')) {
  const [header, ...names] = readFileSync(join(from, 'names.csv'), 'utf8').split(/\r?\n/).map(cellsOf);
  const at = header.indexOf('name');
  const met = new Set(names.flatMap(cells => words(cells[at] ?? '').split(' ')).filter(word => /^[a-z]{3,}$/.test(word)));
  const counts = new Map();
  const count = (key, by = 1) => by ? counts.set(key, (counts.get(key) ?? 0) + 1) : counts.get(key) ?? 0;
  for (const word of met) {
    const text = `__${word}_`;
    for (let i = 2; i < text.length; i++)
      for (const key of [text.slice(i - 2, i + 1), text.slice(i - 2, i) + '*', text.slice(i - 1, i + 1), text[i - 1] + '*', text[i], '*']) count(key);
  }
  const letters = [...'_abcdefghijklmnopqrstuvwxyz'];
  const one = c => (count(c, 0) + 1) / (count('*', 0) + 27);
  const two = (b, c) => (count(b + c, 0) + 10 * one(c)) / (count(b + '*', 0) + 10);
  const three = (a, b, c) => (count(a + b + c, 0) + 20 * two(b, c)) / (count(a + b + '*', 0) + 20);
  write('letters.csv', 'How surprising a letter is after two others in words of organisation names: the two (_ is the beginning); then a sign for the end of the word and each letter from a to z, 0 for 0 bits and each next sign in ASCII half a bit more. Counted in names from FinanceDatabase (MIT), dotgov (US public domain, CC0) and university domains (MIT), each word once.',
    letters.flatMap(a => letters.map(b => `${a}${b};${letters.map(c => String.fromCharCode(48 + Math.min(30, Math.round(-2 * Math.log2(three(a, b, c)))))).join('')}`)));
}

const files = readdirSync(lists).filter(file => /\.(txt|csv|bin)$/.test(file) && file !== 'versions.txt').sort();
const before = existsSync(join(lists, 'versions.txt')) ? readFileSync(join(lists, 'versions.txt'), 'utf8') : '';
write('versions.txt', 'Written by tools/refresh-lists.mjs: list, date and start of the SHA-256 of its content.', files.map(file => {
  const name = file.replace(/\.[a-z]+$/, '');
  const hash = createHash('sha256').update(readFileSync(join(lists, file))).digest('hex').slice(0, 12);
  const kept = before.match(new RegExp(`^${name} (\\S+)\\.${hash}$`, 'm'));
  return `${name} ${kept ? kept[1] : date}.${hash}`;
}));
console.log(`${files.length} lists in ${lists}`);
