// In: an expression of the Model and the names of what it reads. Out: LaTeX's mathematics. The language's own spelling is
// sema::print. Used by explain/.
#pragma once
#include <string>

#include "compiler/sema/expr.h"

namespace eic::explain {

// Names of `let`s lose these beginnings, the first that fits: {"HH.INa.", "HH."}.
std::string latex(const sema::Expr& expr, const sema::Names& names, const std::vector<std::string>& prefixes);
// sema::print, with names likewise.
std::string plain(const sema::Expr& expr, const sema::Names& names, const std::vector<std::string>& prefixes);
// A name: "INa.m" → m_{\mathrm{INa}}, "V_sh" → V_{\mathrm{sh}}, "alpha" → \alpha.
std::string latex_name(const std::string& name);
// A unit: "mS/cm^2" → \mathrm{mS/cm^{2}}.
std::string latex_unit(const std::string& unit);
// Plain text: what LaTeX would read as a command is escaped.
std::string latex_text(const std::string& text);

// The terms of x' that are not linear in state `index`, as they stand in its sum; none where x' is linear in it.
std::vector<sema::ExprPtr> nonlinear_terms(const sema::ExprPtr& rate, uint32_t index);

}  // namespace eic::explain
