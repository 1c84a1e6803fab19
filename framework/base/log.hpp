// framework/base/log.hpp - what a run says while it works, to a file and to whoever else listens.
#pragma once
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "base/open_file.hpp"

namespace lyap::framework {

enum class LogLevel { Info, Warning, Error };

/// Silent until it is told where to write; may be used from several threads at once.
class Log {
 public:
  /// Called with one message at a time; must not log itself.
  using Listener = std::function<void(LogLevel level, std::string_view message)>;

  void add_listener(Listener listener);
  /// Appends "2026-11-22T01:30:00Z warning: message" lines.  InputError as OpenFile::to_append; a
  /// disk that fills up later ends the file with a warning to the listeners, not the run.
  void add_file(const std::filesystem::path& path);

  void info(std::string_view message) { write(LogLevel::Info, message); }
  void warning(std::string_view message) { write(LogLevel::Warning, message); }
  void error(std::string_view message) { write(LogLevel::Error, message); }
  void write(LogLevel level, std::string_view message);

 private:
  void tell(LogLevel level, std::string_view message) const;

  std::mutex mutex_;
  std::vector<Listener> listeners_;
  std::optional<OpenFile> file_;
};

}  // namespace lyap::framework
