#include "runtime/random/sampler.h"

#include <cmath>

#include "runtime/contract/check.h"
#include "runtime/random/elementary.h"

namespace eic::random {

using Kind = plan::Draw::Kind;

Sampler::Sampler(const plan::Draw& draw, Key key) : kind_(draw.kind), a_(draw.a), b_(draw.b), key_(key) {
  EIC_CHECK(kind_ != Kind::Csv, "a column of data is read, not drawn");
  if (kind_ != Kind::LogNormal) return;
  const double ratio = draw.b / draw.a;
  const double variance = ratio < 1.0 ? log1p(ratio * ratio) : log(1.0 + ratio * ratio);
  a_ = log(draw.a) - 0.5 * variance;
  b_ = std::sqrt(variance);
}

double Sampler::at(uint64_t index) const {
  if (kind_ == Kind::Constant) return a_;
  Stream stream(key_, index);
  switch (kind_) {
    case Kind::Uniform: return a_ + (b_ - a_) * stream.uniform();
    case Kind::Normal: return a_ + b_ * stream.normal();
    case Kind::LogNormal: return exp(a_ + b_ * stream.normal());
    case Kind::Exponential: return a_ * stream.exponential();
    case Kind::Gamma: return b_ * stream.gamma(a_);
    case Kind::Constant:
    case Kind::Csv: break;
  }
  internal_error(__FILE__, __LINE__, "a draw of no known kind");
}

double draw(const plan::Draw& draw, uint64_t seed, std::string_view path, std::string_view purpose, uint64_t index) {
  return Sampler(draw, key_of(seed, path, purpose)).at(index);
}

}  // namespace eic::random
