// In: a cell of the Model. Out: what of it is a curve over `v`: inf, tau, alpha and beta of each gate, however the gate was
// written, each `let`, and the outward current of each mechanism while every state stands where it starts. Read by check_expect.cpp (what `expect curve` may name) and by what evaluates such a test.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "compiler/sema/model.h"

namespace eic::sema {

// "INa.m.inf", "INa.m.tau", "INa.w", "INa.i": every path that curve() knows.
std::vector<std::string> curves(const Cell& cell);
// Its value in a run of one such cell, which says where states start; null for any other path. It may read more than `v` and parameters: see reads_besides_v().
ExprPtr curve(const Cell& cell, const std::string& path, const Simulation& run);
// A state other than `v`, or `input`, `dt`, … that the value depends on, as its name; nothing where there is none.
std::optional<std::string> reads_besides_v(const Cell& cell, const Expr& value);

}  // namespace eic::sema
