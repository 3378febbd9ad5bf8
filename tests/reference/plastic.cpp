// Plasticity rules: every synapse of a network against a simulation of it alone, in long double, from the spikes at its two ends;
// the functions of a rule against the interpreter, bit for bit; equal bits at every width; a rule without effect against none.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <random>

#include "compiler/ir/interpret.h"
#include "runtime/contract/subnormals.h"
#include "tests/reference/model_run.h"

namespace {

using namespace eic;

const std::string k_model = "tests/reference/plastic.eic";
constexpr uint64_t k_recorded = 200;
enum Variable : size_t { W, Tag, Shared, X, Z };

// Keeps the list of synapses as well.
struct SynapseStore final : record::Recorder {
  std::vector<record::Synapse> all;
  std::optional<RunError> begin(const plan::Run&) override { return std::nullopt; }
  void spikes(uint32_t, uint64_t, const record::Spikes&) override {}
  void sample(uint32_t, uint64_t, std::span<const double>) override {}
  void synapses(uint32_t, std::span<const record::Synapse> listed) override { all.assign(listed.begin(), listed.end()); }
  std::optional<RunError> end(record::Outcome, uint64_t) override { return std::nullopt; }
};

std::string text_of_model() {
  std::ifstream in(reference::path(k_model), std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Ran {
  std::unique_ptr<Front> front;
  Compiled made;
  reference::Recorded recorded;
  SynapseStore synapses;
};

std::unique_ptr<Ran> ran(const std::string& text, CompileOptions options = {}) {
  auto out = std::make_unique<Ran>();
  out->front = std::make_unique<Front>();
  BOOST_REQUIRE(read_model(*out->front, reference::path(k_model), &text, {}));
  out->made = reference::compiled(*out->front, options);
  auto engine = engine::Engine::build(out->made.planned.run, out->made.kernels, {});
  BOOST_REQUIRE(engine.ok());
  record::Recorder* recorders[] = {&out->recorded.spikes, &out->recorded.traces, &out->synapses};
  BOOST_REQUIRE(engine->run(recorders).outcome == record::Outcome::Complete);
  return out;
}

// The rule of the model, typed again, for one synapse.
class Alone {
 public:
  Alone(double weight, double w_rest) : w_(weight), w_rest_(w_rest) {}

  // From one step to the next: traces as the solver advances them, the others exactly.
  void advance(long double dt) {
    x_ *= std::exp(-dt / 15);
    const long double y = y_, slope = -2 * z_ / 40, rate = (y - z_ * z_) / 40;
    z_ += (slope == 0 ? dt : std::expm1(slope * dt) / slope) * rate;
    y_ = 0.2L + (y - 0.2L) * std::exp(-dt / 25);
    shared_ = 1 - (1 - shared_) * std::exp(-dt / 80);
    tag_ *= std::exp(-dt / 60);
    w_ = w_rest_ + (w_ - w_rest_) * std::exp(-dt / 300);
  }
  void pre() {
    shared_ -= 0.3L * shared_;
    x_ += x_ > 2 ? 0.5L : 1;
    before_ = tag_;
    tag_ += y_;
    w_ -= 0.02L * w_ * tag_;
  }
  void post() {
    y_ += 1;
    tag_ -= 0.1L * x_;
    w_ += 0.01L * (w_rest_ + w_) * (x_ + before_) * z_;
  }
  long double value(size_t variable) const { return std::array{w_, tag_, shared_, x_, z_}[variable]; }

 private:
  long double w_, w_rest_, x_ = 0, y_ = 0.5L, z_ = 1, shared_ = 1, tag_ = 0, before_ = 0;
};

std::string without_rule(std::string text) {
  const size_t begin = text.find("plasticity rule :"), end = text.find('}', begin) + 1;
  text.erase(begin, end - begin);
  const size_t recorded = text.find("  record w,");
  text.erase(recorded, text.find('\n', recorded) - recorded);
  return text;
}

bool same(const record::SpikeStore& a, const record::SpikeStore& b) {
  return a.populations()[0].steps == b.populations()[0].steps && a.populations()[0].cells == b.populations()[0].cells;
}

bool same_bytes(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

// Every column at random, every function of the rule over a row of 13 synapses: what it stores against the interpreter.
template <class R>
void rows_as_interpreted(const plan::Plasticity& rule, const ir::Function& function, SynapseFn kernel, std::mt19937& random) {
  constexpr uint64_t k_count = 13, k_size = 64, k_row = 5, k_first = 21;
  constexpr uint32_t k_now = 1000;
  std::uniform_real_distribution<double> draw(0.1, 2);
  std::vector<std::vector<R>> columns(rule.columns.size(), std::vector<R>(k_size));
  std::vector<std::vector<uint32_t>> steps(rule.columns.size(), std::vector<uint32_t>(k_size));
  std::vector<void*> pointers;
  for (size_t c = 0; c < columns.size(); c++) {
    for (R& value : columns[c]) value = static_cast<R>(draw(random));
    for (uint32_t& step : steps[c]) step = static_cast<uint32_t>(random() % 1000);
    pointers.push_back(rule.columns[c].steps ? static_cast<void*>(steps[c].data()) : columns[c].data());
  }
  std::vector<uint32_t> cells(k_size), listed(k_size);
  for (uint32_t i = 0; i < k_size; i++) cells[i] = listed[i] = i;
  std::shuffle(cells.begin(), cells.end(), random);
  std::shuffle(listed.begin(), listed.end(), random);
  std::vector<R> uniforms;
  for (double value : rule.uniforms) uniforms.push_back(static_cast<R>(value));

  auto index = [&](uint32_t column, uint64_t i) -> uint64_t {
    switch (function.columns[column].index) {
      case ir::Index::Row: return k_row;
      case ir::Index::Other: return cells[i];
      case ir::Index::Synapse: return k_first + i;
      case ir::Index::Listed: return listed[i];
      default: return i;
    }
  };
  auto value = [&](uint32_t column, uint64_t i) {
    const uint64_t at = index(column, i);
    return rule.columns[column].steps ? static_cast<R>(k_now - steps[column][at]) : columns[column][at];
  };
  std::vector<std::vector<R>> wanted;
  for (uint64_t i = 0; i < k_count; i++) {
    std::vector<R> in;
    for (uint32_t c = 0; c < columns.size(); c++) in.push_back(value(c, i));
    wanted.push_back(ir::interpret<R>(function, in, uniforms).stores);
  }
  SynapseArgs args;
  args.now = k_now;
  args.columns = pointers.data();
  args.uniforms = uniforms.data();
  args.row = k_row;
  args.count = k_count;
  args.first = k_first;
  args.cells = cells.data();
  args.synapses = listed.data();
  {
    const FlushSubnormals flush;
    kernel(&args);
  }
  for (uint64_t i = 0; i < k_count; i++)
    for (size_t s = 0; s < function.stores.size(); s++) {
      const R got = value(function.stores[s].slot, i);
      BOOST_TEST(std::memcmp(&got, &wanted[i][s], sizeof(R)) == 0, function.name << " store " << s << " of synapse " << i);
    }
}

template <class R>
void functions_as_interpreted() {
  CompileOptions options;
  options.choices.single = sizeof(R) == 4;
  auto front = reference::load(k_model);
  Compiled made = reference::compiled(*front, options);
  const plan::Plasticity& rule = *made.planned.run.projections[0].plasticity;
  const plan::RuleKernel& functions = made.planned.rules[0];
  const RuleKernel& kernel = made.kernels.rules[0];
  std::mt19937 random(1);
  int tested = 0;
  for (auto [function, compiled] :
       {std::pair{&functions.pre.cells, kernel.pre_cells}, std::pair{&functions.pre.synapses, kernel.pre_synapses},
        std::pair{&functions.post.cells, kernel.post_cells}, std::pair{&functions.post.synapses, kernel.post_synapses},
        std::pair{&functions.look, kernel.look}}) {
    BOOST_REQUIRE((function->has_value() && compiled != nullptr));
    for (int i = 0; i < 20; i++, tested++) rows_as_interpreted<R>(rule, **function, compiled, random);
  }
  BOOST_TEST(tested == 100);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(plasticity)

BOOST_AUTO_TEST_CASE(every_synapse_is_as_it_is_alone) {
  auto done = ran(text_of_model());
  const record::TraceStore::Trace& trace = done->recorded.traces.traces()[0];
  const std::vector<record::Synapse>& synapses = done->synapses.all;
  const plan::Run& run = done->made.planned.run;
  const plan::Projection& projection = run.projections[0];
  BOOST_REQUIRE(synapses.size() > k_recorded);
  BOOST_TEST(projection.plasticity->columns.size() > 7u);
  std::vector<std::vector<bool>> spiked(40, std::vector<bool>(run.steps));
  const record::SpikeStore::Population& spikes = done->recorded.spikes.populations()[0];
  for (size_t i = 0; i < spikes.steps.size(); i++) spiked[spikes.cells[i]][spikes.steps[i]] = true;
  BOOST_TEST(spikes.steps.size() > 250u);

  uint64_t events = 0;
  for (uint64_t s = 0; s < k_recorded; s++) {
    const std::vector<bool>&pre = spiked[projection.from.begin + synapses[s].source], &post = spiked[projection.to.begin + synapses[s].target];
    Alone alone(trace.at(0, s), 0.009);
    size_t row = 1;
    for (uint64_t step = 0; step < run.steps; step++) {
      if (step > 0) alone.advance(0.1L);
      if (step >= synapses[s].delay && pre[step - synapses[s].delay]) alone.pre(), events++;
      if (step > 0 && post[step - 1]) alone.post(), events++;
      if (row >= trace.steps.size() || trace.steps[row] != step + 1) continue;
      for (size_t variable : {W, Tag, Shared, X, Z}) {
        const double got = trace.at(row, variable * k_recorded + s);
        const auto wanted = static_cast<double>(alone.value(variable));
        if (std::fabs(got - wanted) <= 1e-11 * std::fabs(wanted) + 1e-15) continue;
        BOOST_FAIL("synapse " << s << " variable " << variable << " in step " << step << ": " << got << ", alone " << wanted);
      }
      row++;
    }
    BOOST_TEST(row == trace.steps.size());
    BOOST_TEST(synapses[s].weight == trace.at(row - 1, s), "the list at the end holds the last weight");
  }
  BOOST_TEST(events > 2000u);
}

BOOST_AUTO_TEST_CASE(functions_are_as_interpreted_in_double) { functions_as_interpreted<double>(); }
BOOST_AUTO_TEST_CASE(functions_are_as_interpreted_in_single) { functions_as_interpreted<float>(); }

BOOST_AUTO_TEST_CASE(every_width_gives_the_same_bits) {
  std::unique_ptr<Ran> first;
  for (uint32_t width : {1, 2, 4, 8, 16}) {
    CompileOptions options;
    options.width = width;
    auto done = ran(text_of_model(), options);
    if (!first) {
      first = std::move(done);
      continue;
    }
    BOOST_TEST(same(done->recorded.spikes, first->recorded.spikes), "spikes at width " << width);
    for (size_t t : {0, 1})
      BOOST_TEST(same_bytes(done->recorded.traces.traces()[t].values, first->recorded.traces.traces()[t].values), "trace " << t);
  }
}

BOOST_AUTO_TEST_CASE(a_rule_without_effect_gives_the_bits_of_none) {
  std::string text = text_of_model();
  auto without = ran(without_rule(text));
  // it counts, and sends what it would send anyway
  const std::string idle = "plasticity Everything { param w_rest : pA, state tag : 1 = 0, state shared : 1 = 0, state post.z : 1 = 0\n"
                           "state pre.x : 1 = 0, tag' = -tag/(5 ms)\n"
                           "on pre { shared += 1, pre.x += 1, tag += post.z, send = w }\n on post { post.z += 1, tag += pre.x } }\n";
  const size_t begin = text.find("plasticity Everything {"), end = text.find("cell C {");
  text.replace(begin, end - begin, idle);
  auto with = ran(text);
  BOOST_TEST(with->recorded.traces.traces()[0].at(with->recorded.traces.traces()[0].steps.size() - 1, 200 * Shared) > 3);
  BOOST_TEST(same(with->recorded.spikes, without->recorded.spikes));
  BOOST_TEST(same_bytes(with->recorded.traces.traces()[1].values, without->recorded.traces.traces()[0].values));
  // and the weights stand as they were drawn
  BOOST_REQUIRE_EQUAL(with->synapses.all.size(), without->synapses.all.size());
  for (size_t i = 0; i < with->synapses.all.size(); i++) BOOST_REQUIRE(with->synapses.all[i].weight == without->synapses.all[i].weight);
}

BOOST_AUTO_TEST_SUITE_END()
