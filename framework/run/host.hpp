// framework/run/host.hpp - what the kernel lends to every plugin, behind the border's table.
#pragma once
#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/stop.hpp"
#include "base/workers.hpp"
#include "data/locate.hpp"
#include "lyap/abi.h"
#include "run/data_files.hpp"

namespace lyap::framework {

/// What one run has: given by the program, used by every stage.
struct Surroundings {
  std::uint64_t seed = 1;
  Workers* workers = nullptr;
  const DataFolders* folders = nullptr;
  std::shared_ptr<DataFiles> files;  ///< what has been read before; null: every file is read anew
  const Stop* stop = nullptr;        ///< asked by Ctrl-C
  std::function<void(int level, const std::string& sentence)> log;
  std::function<void(const std::string& stage, std::int64_t done, std::int64_t total)> progress;
  std::int64_t memory_budget = std::int64_t{1} << 30;  ///< bytes a pass or an analysis may use

  bool bits = false;  ///< say rates in base 2; files keep nats

  std::int64_t check_jacobian = 0;  ///< compare the Jacobian with differences every so many steps

  /// A chunk of a pass should stay in the second-level caches of the workers as far as possible.
  std::int64_t pass_memory() const { return std::min<std::int64_t>(memory_budget / 4, 32 << 20); }
  bool stopped() const { return stop && stop->asked(); }
};

/// Lends files, random streams, workers, factorisations, log and progress to one plugin. `scope`
/// is put in front of its random streams, so that two plugins never draw the same numbers.
class LentHost {
 public:
  LentHost(const Surroundings& surroundings, std::string scope)
      : surroundings_(&surroundings), scope_(std::move(scope)) {}
  LentHost(const LentHost&) = delete;
  LentHost& operator=(const LentHost&) = delete;

  lyap_lent lent();
  const Surroundings& surroundings() const { return *surroundings_; }
  std::string stream(const char* name) const { return scope_ + "/" + name; }

 private:
  const Surroundings* surroundings_;
  std::string scope_;
};

}  // namespace lyap::framework
