// Writes syntaxes/eic.tmLanguage.json: `node editors/vscode/grammar.mjs`. JSON has neither comments nor names for parts of
// an expression, so the grammar is kept here; the unit words come from compiler/units/units.def. tests/editors compares the
// committed file with what this makes, and its scopes with the compiler's own tokens.
//
// How it reads a text: a block (or the file) is a row of items, and an item is a region of its own that reaches up to the
// `,`, brace, comment or line end behind it. An item's first word can be a keyword; further words are names, but for the
// joining words (`in`, `of`, `to`, …), which stand behind a complete operand and a blank. Each rule that ends in a keyword
// takes the blanks behind it along, so what follows a keyword never looks like that. An operator at the end of a line opens
// a region that bridges the line end; a line that begins with an operator is an item like any other.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, '..', '..');
export const grammarFile = path.join(here, 'syntaxes', 'eic.tmLanguage.json');

// ---- words

// What has a meaning in its place; tests/editors compares these lists with the compiler's tables.
export const vocabulary = {
  math: 'exp expm1 log log10 log1p exprel sqrt abs min max sin cos tanh pow heaviside nernst ghk',
  draws: 'uniform normal lognormal exponential gamma',
  files: 'csv',
  rules: 'fixed_outdegree fixed_indegree fixed_total bernoulli one_to_one all_to_all csv',
  stimuli: 'step pulses ramp sine ou_noise poisson spike_times waveform clamp',
  measures: 'count rate cv_isi silent synchrony frequency trace spike_times spikes curve convergence rest',
  tolerances: 'abs rel rmse max',
  methods: 'exp_euler exp_leapfrog euler midpoint heun rk4 exp_midpoint backward_euler',
  precisions: 'double single',
  variables: 'v t dt input noise area capacitance temperature',
  constants: 'pi F R',
  settings: 'area capacitance temperature duration dt method seed precision connect weight delay amplitude from to ' +
    'alpha beta inf tau q10 charge',
};
for (const key of Object.keys(vocabulary)) vocabulary[key] = vocabulary[key].split(' ');

const NAME = '[A-Za-z_][A-Za-z0-9_]*';
const END = '(?![A-Za-z0-9_])';  // of a word
const PATH = `${NAME}(?:\\.${NAME})*`;
const any = (words) => `(?:${words.join('|')})${END}`;
// A word in the first place of an item is a setting, a declaration or an equation if one of these follows.
const NOT_A_NAME = `${END}(?![ \\t]*(?:=(?!=)|[-+*/]=|\\.(?!\\.)|'|:))`;

// ---- units

// Words that share their prefixes stand together: `[pnumkuµμ]?(?:V|W)`.
function unitWord() {
  const table = fs.readFileSync(path.join(root, 'compiler', 'units', 'units.def'), 'utf8');
  const byPrefix = new Map();
  for (const [, word, prefixes] of table.matchAll(/^EIC_UNIT\("(\w+)", "(\w*)"/gm)) {
    const written = word === 'Ohm' ? ['Ohm', '\u03a9', '\u2126'] : [word];
    byPrefix.set(prefixes, [...(byPrefix.get(prefixes) ?? []), ...written]);
  }
  const groups = [...byPrefix].map(
    ([prefixes, words]) => `[${prefixes.replace('u', 'u\u00b5\u03bc')}]?(?:${words.join('|')})`);
  return `(?:degC|${groups.join('|')})`;
}
const UNIT_LETTER = 'A-Za-z_\u00b5\u03bc\u03a9\u2126';
const UNIT_WORD = `${unitWord()}(?![0-9${UNIT_LETTER}])`;
const EXPONENT = '(?:\\^-?[0-9]++(?!\\.[0-9]|[eE][-+]?[0-9]))?';
// Tight `(`, `[`, `'` or `.name` behind a word make it a name.
const TIGHT_UNIT = `${UNIT_WORD}(?![(\\['])(?!\\.[${UNIT_LETTER}])${EXPONENT}`;
const NUMBER = '(?>[0-9]+(?:\\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)';
const UNIT_SCOPE = 'keyword.other.unit.eic';

// ---- building rules

const rule = (match, name) => ({ name, match });
// captured('a(b)c(d)', scope of the first group, of the second, …); in place of a scope may stand { patterns }.
const captured = (match, ...scopes) => ({ match, captures: captures(scopes) });
function captures(scopes) {
  const all = {};
  scopes.forEach((scope, i) => { if (scope) all[i + 1] = typeof scope === 'string' ? { name: scope } : scope; });
  return all;
}
const include = (...names) => names.map((name) => ({ include: `#${name}` }));
const KEYWORD = 'keyword.control.eic';
const DECLARES = 'storage.type.eic';  // keywords that begin an item
const VARIABLE = 'variable.other.eic';
const TYPE = 'entity.name.type.eic';
const COMMA = 'punctuation.separator.comma.eic';
const OBJECT = 'variable.other.object.eic';

const OPERAND = `(?<=[0-9)\\]"${UNIT_LETTER}])[ \\t]*`;
// A word that joins operands: behind one of them, on the same line. No rule leaves off within a word or a number, so the
// letter or digit in front is the end of one.
const joining = (words, after = null) => after
  ? captured(`${OPERAND}(${any(words)})[ \\t]*(${NAME})?`, KEYWORD, after)
  : captured(`${OPERAND}(${any(words)})[ \\t]*`, KEYWORD);

const ITEM_END = '(?=[,{}#\\n])';
// item('keyword', …): `begin` holds the capturing groups that `scopes` name; `patterns` come before those of expressions.
const item = (begin, scopes, patterns = [], end = ITEM_END) => ({
  begin, beginCaptures: captures(scopes), end,
  patterns: [...patterns, { include: '#expression' }],
});
const declares = (word, scope, patterns, end) =>
  item(`(${word})${NOT_A_NAME}[ \\t]*(${NAME})?`, [DECLARES, scope], patterns, end);
const block = (begin, beginCaptures, patterns) => ({
  begin, beginCaptures, end: '\\}',
  endCaptures: { 0: { name: 'punctuation.section.block.end.eic' } },
  patterns: [...include('comment', 'comma'), ...patterns, { include: '#illegal' }],
});
const BLOCK_BEGIN = 'punctuation.section.block.begin.eic';
const BRACE = { 0: { name: BLOCK_BEGIN } };
const KEYWORD_AND_BRACE = captures([DECLARES, BLOCK_BEGIN]);

const typeBehindColon = captured(`(:)[ \\t]*(${NAME})`, 'punctuation.separator.type.eic', TYPE);
const valueIn = joining(['in']);
// `on na, ca`: the list ends before what a next item could be.
const ions = captured(
  `${OPERAND}(on)${END}[ \\t]*(${NAME})((?:[ \\t]*,[ \\t]*${NAME}(?=[ \\t]*[,{}#\\n]))*)`,
  KEYWORD, OBJECT, { patterns: [...include('comma'), rule(NAME, OBJECT)] });
const RECORD_GOES_ON = `,(?=[ \\t]*${PATH}(?:[ \\t]*,[ \\t]*${PATH})*(?:[ \\t]+(?:of|every|to)${END}|[ \\t]*[#}\\n]))`;
const REFRACTORY = `refractory(?=[ \\t]*=(?!=))`;

const items = [
  {
    begin: `(use)${NOT_A_NAME}[ \\t]*`, beginCaptures: captures([DECLARES]), end: '(?<=\\})|(?=[,#\\n}])',
    patterns: [
      block('\\{', BRACE, [
        captured(`(${NAME})[ \\t]+(as)${END}[ \\t]*(${NAME})?`, TYPE, KEYWORD, TYPE),
        rule(NAME, TYPE),
      ]),
      ...include('string'),
      rule(NAME, 'entity.name.namespace.eic'),
      rule('\\.', 'punctuation.accessor.eic'),
      ...include('illegal'),
    ],
  },
  block(`(param)[ \\t]*(\\{)`, KEYWORD_AND_BRACE, [
    item(`(${NAME})`, ['variable.parameter.eic'], [{ include: '#unit-behind-colon' }, valueIn]),
  ]),
  block(`(init)[ \\t]*(\\{)`, KEYWORD_AND_BRACE, include('binding')),
  declares('param', 'variable.parameter.eic', [{ include: '#unit-behind-colon' }, valueIn]),
  declares('state', VARIABLE, [{ include: '#unit-behind-colon' }]),
  declares('let', VARIABLE),
  declares('fn', 'entity.name.function.eic'),
  declares('gate', VARIABLE),
  item(`(conductance|current)${NOT_A_NAME}[ \\t]*`, [DECLARES]),
  item(`(init)${NOT_A_NAME}[ \\t]*(gates${END})?`, [DECLARES, 'support.variable.eic'], [joining(['at'])]),
  declares('on', 'entity.name.function.event.eic', [{ include: '#event-values' }]),
  {
    begin: `(allow)[ \\t]*(\\()[ \\t]*(${NAME})?`,
    beginCaptures: captures([DECLARES, 'punctuation.section.parens.begin.eic', 'constant.other.lint.eic']),
    end: '(\\))|(?=[{}])', endCaptures: captures(['punctuation.section.parens.end.eic']),
    patterns: include('comment', 'comma', 'string', 'illegal'),
  },
  item(`(channel|synapse|pool|plasticity)${NOT_A_NAME}[ \\t]*(?:(${NAME})(?=[ \\t]*:)|(${NAME}))?`,
    [DECLARES, OBJECT, TYPE], [typeBehindColon, ions, { include: '#ion-list' }]),
  item(`(ion)${NOT_A_NAME}[ \\t]*(${NAME})?`, [DECLARES, OBJECT], [typeBehindColon]),
  item(`(spike)${NOT_A_NAME}[ \\t]*(when${END})?[ \\t]*`, [DECLARES, KEYWORD], [
    joining(['crosses']),
    captured(`(,)[ \\t]*(${REFRACTORY})`, COMMA, KEYWORD),
    { // a comma that ends its line leaves open whether `refractory` follows on the next one
      begin: ',(?=[ \\t]*(?:#.*)?\\n)', beginCaptures: { 0: { name: COMMA } },
      end: `^[ \\t]*(${REFRACTORY})|^(?=[ \\t]*[^ \\t\\n#])`, endCaptures: captures([KEYWORD]), patterns: include('comment'),
    },
  ], `(?=[{}#\\n])|(?=,)(?!,[ \\t]*(?:${REFRACTORY}|#|\\n))|^(?=[ \\t]*[^ \\t\\n#])`),
  item(`(reset|zip)${END}(?=[ \\t]*(?:\\{|#|\\n))`, [DECLARES]),
  declares('cell|network', TYPE),
  declares('population', OBJECT, [typeBehindColon]),
  declares('projection', OBJECT),
  item(`(stimulus)${NOT_A_NAME}[ \\t]*(?:(${NAME})[ \\t]*(:))?[ \\t]*`, [DECLARES, OBJECT, 'punctuation.separator.type.eic'],
    [rule(`${any(vocabulary.stimuli)}(?=[ \\t]*->)`, 'support.type.stimulus.eic')]),
  declares('simulate|sweep', TYPE, [joining(['of'], TYPE)]),
  item(`(test)${NOT_A_NAME}[ \\t]*(?=")`, [DECLARES], [joining(['of'], TYPE)]),
  declares('phase', OBJECT),
  item(`(record)${NOT_A_NAME}[ \\t]*(?:(nothing)(?=[ \\t]*[,#}\\n])|(spikes)(?=[ \\t]*[,#}\\n]|[ \\t]+(?:of|every|to)${END}))?`,
    [DECLARES, KEYWORD, 'support.variable.eic'],
    [rule(RECORD_GOES_ON, COMMA), joining(['of', 'every', 'to'])],
    `(?=[{}#\\n])|(?!${RECORD_GOES_ON})(?=,)`),
  item(`(expect)${NOT_A_NAME}[ \\t]*`, [DECLARES], [
    captured(`${OPERAND}(within)${END}[ \\t]*(?:(${any(vocabulary.tolerances)})|(${NAME}))?[ \\t]*`,
      KEYWORD, 'support.constant.tolerance.eic', VARIABLE),
    valueIn,
    rule(`${any(vocabulary.measures)}(?=[ \\t]*\\()`, 'support.function.measure.eic'),
  ]),
  item(`(pass)${NOT_A_NAME}[ \\t]+(in)${END}[ \\t]*`, [DECLARES, KEYWORD], [joining(['of', 'seeds'])]),
  item(`(kinetic|gap)${END}(?=[ \\t]*(?:[A-Za-z_:{]|->))[ \\t]*(${NAME})?`, [DECLARES, OBJECT]),
  { include: '#binding' },
];

const expression = [
  { include: '#line-end' },
  ...include('string', 'number'),
  captured(`(${any(['if', 'then', 'else'])})[ \\t]*`, 'keyword.control.conditional.eic'),
  captured(`(${any(['and', 'or', 'not'])})[ \\t]*`, 'keyword.operator.logical.eic'),
  rule(any(['true', 'false']), 'constant.language.boolean.eic'),
  // the parts of a path, never built-in
  captured(`(\\.)[ \\t]*(${NAME})`, 'punctuation.accessor.eic', 'variable.other.member.eic'),
  rule(`${any(vocabulary.math)}(?=[ \\t]*\\()`, 'support.function.math.eic'),
  rule(`${any(vocabulary.draws)}(?=[ \\t]*\\()`, 'support.function.random.eic'),
  rule(`${any(vocabulary.files)}(?=[ \\t]*\\()`, 'support.function.file.eic'),
  rule(`${NAME}(?=[ \\t]*\\()`, 'entity.name.function.eic'),
  rule(any(vocabulary.variables), 'variable.language.eic'),
  rule(any(vocabulary.constants), 'support.constant.eic'),
  rule(NAME, VARIABLE),
  ...include('parens', 'brackets', 'operator', 'illegal'),
];

const bracketed = (begin, end, kind, patterns) => ({
  begin, beginCaptures: { 0: { name: `punctuation.section.${kind}.begin.eic` } },
  end: `(${end})|(?=[{}])`, endCaptures: captures([`punctuation.section.${kind}.end.eic`]),
  patterns: [...include('comment', 'comma'), ...patterns, { include: '#expression' }],
});

const OPERATORS = [
  ['<?->', 'keyword.operator.arrow.eic'], ['\\.\\.', 'keyword.operator.range.eic'], ['\\+-', 'keyword.operator.tolerance.eic'],
  ['[-+*/]=', 'keyword.operator.assignment.eic'], ['[<>=!]=|[<>]', 'keyword.operator.comparison.eic'],
  ['=', 'keyword.operator.assignment.eic'], ['[-+*/^]', 'keyword.operator.arithmetic.eic'],
  ['~', 'keyword.operator.match.eic'], ["'", 'keyword.operator.derivative.eic'], [':', 'punctuation.separator.type.eic'],
  ['\\|', 'keyword.operator.alternative.eic'],
];

const LINE_GOES_ON = [...OPERATORS.map(([match]) => match).filter((match) => match !== "'"),
  any(['and', 'or', 'not', 'if', 'then', 'else'])].join('|');

export const grammar = {
  name: 'eic',
  scopeName: 'source.eic',
  fileTypes: ['eic'],
  patterns: include('comment', 'comma', 'block', 'items', 'illegal'),
  repository: {
    items: { patterns: items },
    expression: { patterns: expression },
    block: block('\\{', BRACE, include('block', 'items')),
    binding: {
      patterns: [
        item(`(connect)[ \\t]*(=)(?!=)`, ['support.type.property-name.eic', 'keyword.operator.assignment.eic'],
          [rule(any(vocabulary.rules), 'support.function.connection.eic')]),
        item(`(method|precision)[ \\t]*(=)(?!=)`, ['support.type.property-name.eic', 'keyword.operator.assignment.eic'],
          [rule(any([...vocabulary.methods, ...vocabulary.precisions]), 'support.constant.eic')]),
        item(`(${any(vocabulary.settings)})(?=[ \\t]*=(?!=))`, ['support.type.property-name.eic'], [joining(['at'])]),
        // a binding, an equation, or the rest of an item that goes on here
        item('(?=[^\\s,{}#)\\]])', [], [
          { include: '#unit-behind-colon' },
          captured(`${OPERAND}(within)${END}[ \\t]*(${NAME})?`, KEYWORD, 'support.constant.tolerance.eic'),
          joining(['as', 'at', 'crosses', 'every', 'in', 'of', 'on', 'seeds', 'to']),
        ]),
      ],
    },
    comment: captured('((#).*)', 'comment.line.number-sign.eic', 'punctuation.definition.comment.eic'),
    comma: rule(',', COMMA),
    string: {
      patterns: [
        {
          name: 'string.quoted.double.eic',
          ...captured('(")[^"\\n]*(")', 'punctuation.definition.string.begin.eic', 'punctuation.definition.string.end.eic'),
        },
        rule('"[^"\\n]*', 'invalid.illegal.unclosed-string.eic'),
      ],
    },
    number: {
      patterns: [
        captured(`(${NUMBER})[ \\t]?(${TIGHT_UNIT}(?:/${TIGHT_UNIT})*)`, 'constant.numeric.eic', UNIT_SCOPE),
        captured(`([0-9]+)(\\.)(?![.0-9])`, 'constant.numeric.eic', 'invalid.illegal.number.eic'),
        captured(`(?<![0-9)\\]"${UNIT_LETTER}.])(\\.)([0-9]+)`, 'invalid.illegal.number.eic', 'constant.numeric.eic'),
        rule(NUMBER, 'constant.numeric.eic'),
      ],
    },
    // Behind `:` and `|` blanks are free.
    'unit-behind-colon': {
      begin: '(:)|(\\|)', beginCaptures: captures(['punctuation.separator.type.eic', 'keyword.operator.alternative.eic']),
      end: '(?!\\G)(?=[ \\t]*(?:[=,{}#)|\\n]|in(?![A-Za-z0-9_])))',
      patterns: [
        {
          begin: '(?:\\G|([/^]))[ \\t]*(?=(?:#.*)?\\n)', beginCaptures: captures([UNIT_SCOPE]),
          end: '(?=[^ \\t\\n#])', patterns: include('comment'),
        },
        rule(`${UNIT_WORD}|[0-9]+|[/^-]`, UNIT_SCOPE),
        rule(NAME, VARIABLE),
        ...include('illegal'),
      ],
    },
    'event-values': bracketed('\\(', '\\)', 'parens', [{ include: '#unit-behind-colon' }, rule(NAME, 'variable.parameter.eic')]),
    'ion-list': bracketed('\\(', '\\)', 'parens', [captured(`(ion)${END}[ \\t]*(${NAME})?`, DECLARES, OBJECT)]),
    parens: bracketed('\\(', '\\)', 'parens', [
      captured(`(${NAME})[ \\t]*(=)(?!=)`, 'variable.parameter.eic', 'keyword.operator.assignment.eic')]),
    brackets: bracketed('\\[', '\\]', 'brackets', []),
    // What the line ends in makes the item go on: comments and empty lines may come between.
    'line-end': {
      begin: `(${LINE_GOES_ON})(?=[ \\t]*(?:#.*)?\\n)`,
      beginCaptures: { 1: { patterns: [
        rule(any(['if', 'then', 'else']), 'keyword.control.conditional.eic'),
        rule(any(['and', 'or', 'not']), 'keyword.operator.logical.eic'),
        { include: '#operator' },
      ] } },
      end: '(?=[^ \\t\\n#])', patterns: include('comment'),
    },
    operator: { patterns: OPERATORS.map(([match, scope]) => rule(match, scope)) },
    illegal: rule('[^ \\t\\n]', 'invalid.illegal.character.eic'),
  },
};

export const text = () => `${JSON.stringify(grammar, null, 1)}\n`;

if (process.argv[1] === fileURLToPath(import.meta.url)) fs.writeFileSync(grammarFile, text());
