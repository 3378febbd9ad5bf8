// The Ast: what was written, one struct a declaration, in the order of the file. Built by parse, read by sema; the whole
// surface of docs/language.md is here, also what has no meaning yet (sema says so in the command that needs it).
#pragma once
#include <optional>
#include <variant>

#include "compiler/ast/expr.h"

namespace eic::ast {

struct UnitRef {  // after `:`
  units::Unit unit;
  Span span;
};

// `name = value`, `INa.g = 90 mS/cm^2`, `s += w`. `op` is "=", "+=", "-=", "*=" or "/=".
struct Binding {
  std::vector<Ident> path;
  std::string op;
  ExprPtr value;
  Span span;
};

struct Item;
using Items = std::vector<Item>;

// use std.channels { A, B as C }    use "lib/mine.eic" { D }
struct Use {
  struct Name { Ident name; std::optional<Ident> alias; };
  std::vector<Ident> module;  // std . channels
  std::string file;           // or the path in quotes
  Span from_span;
  std::vector<Name> names;
};
// param g : S/m^2 | S = 1 mS/cm^2 in 0 mS/cm^2 .. 1 S/cm^2
struct Param { Ident name; std::vector<UnitRef> units; ExprPtr value, low, high; };
struct Let { Ident name; ExprPtr value; };
// In a plasticity rule also of a cell at one end of the synapse: the name is then "pre.x" or "post.x".
struct State { Ident name; std::optional<UnitRef> unit; ExprPtr start; };
struct Equation { Ident name; ExprPtr rate; };                       // x' = rate
struct Fn { Ident name; std::vector<Ident> params; ExprPtr body; };
// gate m^3 { alpha = …, beta = … }; power 1 without ^. Bindings: alpha, beta, inf, tau, q10 (value a Call-free Expr;
// `q10 = 3 at 36 degC` puts the temperature into `q10_at`).
struct Allow { Ident code; std::string reason; };                     // allow(L008, "why")
struct Gate { Ident name; int power = 1; Span power_span; std::vector<Binding> bindings; ExprPtr q10_at; std::vector<Allow> allows; };
struct Conductance { ExprPtr value; };                               // conductance g*m^3*h
struct Current { ExprPtr value; };                                   // current I
struct Init { Binding binding; };                                    // init v = …, one Item for each binding
struct OnEvent { Ident event; struct Arg { Ident name; std::optional<UnitRef> unit; }; std::vector<Arg> args; std::vector<Binding> body; };
struct Setting { Binding binding; };                                 // area = …, duration = …, temperature = …, connect = …
// channel C(ion x, ion ca) {…}, synapse S {…}, pool P(ion ca) {…}, plasticity R {…}
enum class MechanismKind : uint8_t { Channel, Synapse, Pool, Plasticity };
struct Mechanism { MechanismKind kind; Ident name; std::vector<Ident> ions; std::vector<Item> items; };
// ion na { E = 50 mV }    ion ca : Pool { … }
struct Ion { Ident name; std::optional<Ident> pool; std::vector<Binding> bindings; std::vector<Allow> allows; };
// channel INa : Na_TM1991 on na { … }; synapse exc : ExpCond { … } (no ions)
struct Instance { MechanismKind kind; Ident name, type; std::vector<Ident> ions; std::vector<Binding> bindings; std::vector<Allow> allows; };
// spike when v crosses -20 mV, refractory = 3 ms     spike when v > -50 mV
struct Spike { ExprPtr condition; bool crosses = false; ExprPtr threshold, refractory; };  // crosses: condition is the path
struct Reset { std::vector<Binding> body; };
// cell HH {…}    cell E : AdEx {…}
struct Cell { Ident name; std::optional<Ident> base; std::vector<Item> items; };
// population N : HH[4000] { E = 0 .. 3200, INa.g = …, init … }
struct Population { Ident name, cell; ExprPtr size; std::vector<Item> items; };   // items: Setting, Init, Allow
// N.E, N[0, 100], N[0 .. 10], N.exc; `indices` as written in [ ]
struct Target { std::vector<Ident> path; std::vector<ExprPtr> indices; Span span; };
// projection e : N.E -> N.exc { … }    gap g : N -> N { … }
struct Projection { Ident name; Target from, to; std::vector<Item> items; bool gap = false; };  // items: Setting, Allow
// stimulus [kick :] step -> N[0 .. 10] { … }
struct Stimulus { std::optional<Ident> name; Ident kind; Target to; std::vector<Binding> bindings; std::vector<Allow> allows; };
struct Network { Ident name; std::vector<Item> items; };
// record spikes of N · record v, INa.m of N[0, 100] every 0.5 ms to "v.csv" · record nothing
struct Record { bool nothing = false; std::vector<std::vector<Ident>> what; std::optional<Target> of; ExprPtr every; std::optional<std::string> to; Span to_span; };
struct Phase { Ident name; ExprPtr duration; std::vector<Item> items; };
struct Simulate { Ident name; Ident of; std::vector<Item> items; };
struct Sweep { Ident name; Ident of; std::vector<Item> items; };                  // items: Setting, Zip
struct Zip { std::vector<Binding> bindings; };
// expect rate(N.E, from = 200 ms) in 10 Hz .. 60 Hz · expect trace(v) ~ csv("…") within max 1 nV · expect cv_isi(N) > 0.8
struct Expect { ExprPtr subject; std::string comparator; Span comparator_span; ExprPtr against; std::string within; ExprPtr tolerance; };
struct PassIn { ExprPtr passes, seeds; };                                         // pass in 4 of 5 seeds
struct Test { std::string name; Span name_span; Ident of; std::vector<Item> items; };
// kinetic { C1 <-> C2 (alpha, beta), C2 -> O (a) }; `backward` only of <->
struct Transition { Ident from, to; ExprPtr forward, backward; Span span; };
struct Kinetic { std::vector<Transition> transitions; };

struct Item {
  std::variant<Use, Param, Let, State, Equation, Fn, Gate, Conductance, Current, Init, OnEvent, Allow, Setting, Mechanism, Ion,
               Instance, Spike, Reset, Cell, Population, Projection, Stimulus, Network, Record, Phase, Simulate, Sweep, Zip,
               Expect, PassIn, Test, Kinetic>
      node;
  Span span;     // the whole item
  Span keyword;  // its first word
};

struct Ast {
  uint32_t file = 0;
  std::vector<Item> items;
};

}  // namespace eic::ast
