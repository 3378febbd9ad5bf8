// Threads that do one job together, each its part of it, again and again: the engine's steps are some microseconds apart, so who
// waits for the others spins for a while before it sleeps. In: how many, and jobs. Out: the parts done. Called by one thread,
// which takes part in every job.
#pragma once
#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>
#include <thread>
#include <vector>

namespace eic::threads {

class Team {
 public:
  // Where the system starts no more threads, there are fewer.
  explicit Team(unsigned threads);
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  unsigned size() const { return static_cast<unsigned>(workers_.size()) + 1; }

  // Calls job(i) once for each i below `threads` (at most size()), 0 on the calling thread, and returns when all are done; the
  // others are not woken. Everything that one job wrote is seen by the next. The first exception of a part comes out of here.
  template <class Job>
  void run(unsigned threads, const Job& job) {
    run(threads, &job, [](const void* of, unsigned index) { (*static_cast<const Job*>(of))(index); });
  }

  // Each thread to a processor of its own, among those allowed; false, and nothing changed, where there are too few or the system
  // refuses. The calling thread can be free meanwhile, for threads that it starts stay where it is; when the team ends it is.
  bool pin();
  void bind_caller();
  void free_caller();

 private:
  struct alignas(128) Worker {
    std::atomic<uint32_t> go = 0;  // counts its jobs
    std::thread thread;
  };
  using Call = void (*)(const void* job, unsigned index);
  void run(unsigned threads, const void* job, Call call);
  void work(Worker& worker, unsigned index);
  void part(unsigned index);

  std::vector<std::unique_ptr<Worker>> workers_;
  const void* job_ = nullptr;
  Call call_ = nullptr;
  bool patient_ = true;  // spins: there is a processor for each
  bool stop_ = false;
  std::vector<unsigned> free_;  // where the calling thread may run, while it is pinned
  std::vector<std::exception_ptr> thrown_;
  alignas(128) std::atomic<uint32_t> pending_ = 0;
};

}  // namespace eic::threads
