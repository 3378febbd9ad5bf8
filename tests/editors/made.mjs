// Texts made from the compiler's own lists, so that a new keyword or unit is tried without anybody remembering to.

const between = (text, from, to) => text.slice(text.indexOf(from) + from.length, text.indexOf(to, text.indexOf(from)));
const RESERVED = ['if', 'then', 'else', 'and', 'or', 'not', 'true', 'false'];

// The words of `tokens { … }` in Eic.g4 that the rule `name` takes.
export function softKeywords(grammar) {
  const all = between(grammar, 'tokens {', '}').match(/[A-Z]+/g);
  const names = between(grammar, '\nname\n', ';').match(/\b[A-Z]+\b/g);
  return all.filter((word) => names.includes(word)).map((word) => word.toLowerCase()).filter((word) => !RESERVED.includes(word));
}

// Every place of the language that takes a name, with K for each keyword in turn.
const PLACES = `use K.K { K, K as K
  K }
use "K.eic" { K, X }
param K = 1
param K : mV = K + 1 in K .. K*K
param { K = 1, K : nS = K
  K : 1 = 2 in 0 .. K }
let K = K - K^2
fn K(K, a, K) = K(K, K = K) + K.K.K
channel K(ion K, ion x) {
  gate K^3 { inf = K/(K + 1), tau = K, K = K at K }
  state K : mV = K
  state K = 1
  K' = -K/(1 ms)
  conductance K
  current K*K
  init K = K
  init { K = 1, K.K = K }
  on K(K : nS, K) { K += K, K = K
    K -= 1 }
  on K { K.K *= 2 }
}
pool K { }
cell K {
  allow(K, "K")
  K = 3, K.K = 4
  ion K { K = 1 }
  ion K : K { K = 1 }
  channel K : K on K { K = 1 mV }
  channel K : K on K, K
  synapse K : K
  spike when K crosses K, refractory = K
  spike when K > K or K < K
  reset { K = K, K += 1 }
}
network K {
  population K : K[K] { K = K .. K, K.K = K }
  projection K : K.K -> K.K { connect = K, weight = K(K), delay = K }
  stimulus K -> K[K, K .. K].K { K = K }
  stimulus K : K -> K.K[K]
}
simulate K of K {
  K = K, init K.K = K
  phase K 3 ms { K = K }
  record K, K.K of K every K to "K"
  record K of K.K[K, K]
  record K.K
}
sweep K of K { K = [K, K .. K], zip { K = [K], K.K = [K, K] } }
test "K" of K {
  expect K(K, K = K) in K .. K
  expect K ~ K within K K
  expect K ~ K +- K
  expect if K then not K else -K < K and K
  pass in K of K seeds
}
`;
// `record nothing` takes no list.
const withName = (word) => PLACES.replaceAll(word === 'nothing' ? /K(?!, K.K of)/g : 'K', word);
export const keywordsAsNames = (words) => ({ name: 'keywords as names', text: words.map(withName).join('') });

const BOTH = { u: ['u', '\u00b5', '\u03bc'] };

export function units(table) {
  const all = ['degC'];
  for (const [, word, prefixes] of table.matchAll(/^EIC_UNIT\("(\w+)", "(\w*)"/gm))
    for (const written of word === 'Ohm' ? ['Ohm', '\u03a9', '\u2126'] : [word])
      for (const prefix of ['', ...prefixes]) for (const sign of BOTH[prefix] ?? [prefix]) all.push(sign + written);
  return all;
}

// Each unit alone, in a quotient, with exponents, tight and with its blank, in a literal and behind `:`.
export function unitModels(all) {
  const lines = all.filter((unit) => unit !== 'degC').map((unit, i) =>
    `param a${i} : U | U/m^2 | U^2/U | m / U ^ -1 = 3 U + 2U^-2/U^3*x - 1e3 U / s in 0 U .. 1 U`.replaceAll('U', unit));
  return [{ name: 'units', text: `${lines.join('\n')}\nparam t = -10 degC\nparam u : degC = 3degC\n` }];
}

// Prefixes that the table does not give a word, and words that are names.
export function wrongUnits(all) {
  const words = ['m', 'g', 's', 'A', 'K', 'mol', 'V', 'S', 'Ohm', 'F', 'C', 'Hz', 'J', 'W', 'N', 'Pa', 'L', 'M', 'degC'];
  const made = words.flatMap((word) => [...'afpnumcdkMGT'].map((prefix) => prefix + word));
  return [...made.filter((word) => !all.includes(word)), 'min', 'h', 'd', 't', 'in', 'at', 'mv', 'ms_', 'degc', 'mVx'];
}
