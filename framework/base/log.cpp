// framework/base/log.cpp - what a run says while it works, to a file and to whoever else listens.
#include "base/log.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>
#include <utility>

#include "base/error.hpp"

namespace lyap::framework {
namespace {

std::string line_of(LogLevel level, std::string_view message) {
  const char* const word = level == LogLevel::Info      ? ""
                           : level == LogLevel::Warning ? "warning: "
                                                        : "error: ";
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ} {}{}\n", fmt::gmtime(std::time(nullptr)), word,
                     message);
}

}  // namespace

void Log::add_listener(Listener listener) {
  const std::lock_guard lock(mutex_);
  listeners_.push_back(std::move(listener));
}

void Log::add_file(const std::filesystem::path& path) {
  const std::lock_guard lock(mutex_);
  file_.emplace(OpenFile::to_append(path));
}

void Log::write(LogLevel level, std::string_view message) {
  const std::lock_guard lock(mutex_);
  tell(level, message);
  if (!file_) return;
  try {
    file_->write(line_of(level, message));
  } catch (const Error& failure) {
    file_.reset();
    tell(LogLevel::Warning, fmt::format("the run goes on without its log: {}", failure.what()));
  }
}

void Log::tell(LogLevel level, std::string_view message) const {
  for (const Listener& listener : listeners_) listener(level, message);
}

}  // namespace lyap::framework
