// tests/framework/base/log_test.cpp - messages reach the file and the listeners, whole and in turn.
#include "base/log.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <thread>

#include "../temporary_folder.hpp"
#include "base/error.hpp"
#include "base/file.hpp"

using namespace lyap::framework;

namespace {

struct Heard {
  LogLevel level;
  std::string message;
  bool operator==(const Heard&) const = default;
};

Log::Listener into(std::vector<Heard>& heard) {
  return [&heard](LogLevel level, std::string_view message) {
    heard.push_back({level, std::string(message)});
  };
}

// The line with every digit of its time written as 0.
std::string without_time(std::string line) {
  const auto end =
      line.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(20, line.size()));
  std::replace_if(
      line.begin(), end, [](char c) { return c >= '0' && c <= '9'; }, '0');
  return line;
}

}  // namespace

TEST_CASE("a log without file and listeners is silent") {
  Log log;
  log.info("nobody hears this");
}

TEST_CASE("every listener hears every message with its level") {
  std::vector<Heard> one, other;
  Log log;
  log.add_listener(into(one));
  log.info("epoch 1");
  log.add_listener(into(other));
  log.warning("slow");
  log.error("lost");
  CHECK(one == std::vector<Heard>{{LogLevel::Info, "epoch 1"},
                                  {LogLevel::Warning, "slow"},
                                  {LogLevel::Error, "lost"}});
  CHECK(other == std::vector<Heard>{{LogLevel::Warning, "slow"}, {LogLevel::Error, "lost"}});
}

TEST_CASE("the file has one line per message with its time, behind what was there") {
  const TemporaryFolder folder;
  const auto path = folder.file("log.txt", "earlier\n");
  Log log;
  log.add_file(path);
  log.info("epoch 1");
  CHECK(without_time(read_file(path).substr(8)) == "0000-00-00T00:00:00Z epoch 1\n");
  log.warning("slow");
  log.error("lost");
  const std::string text = read_file(path);
  CHECK(text.find("Z warning: slow\n") != text.npos);
  CHECK(text.ends_with("Z error: lost\n"));
}

TEST_CASE("a file that cannot be opened is an error") {
  const TemporaryFolder folder;
  Log log;
  CHECK_THROWS_AS(log.add_file(folder / "missing/log.txt"), InputError);
  CHECK_THROWS_AS(log.add_file(folder.path()), InputError);
}

TEST_CASE("a full disk ends the file, tells the listeners once and does not end the run") {
  std::vector<Heard> heard;
  Log log;
  log.add_listener(into(heard));
  log.add_file("/dev/full");
  log.info("one");
  log.info("two");
  CHECK(heard == std::vector<Heard>{
                     {LogLevel::Info, "one"},
                     {LogLevel::Warning,
                      "the run goes on without its log: '/dev/full' cannot be written: the disk is "
                      "full; free some space and repeat"},
                     {LogLevel::Info, "two"}});
}

TEST_CASE("messages of several threads come one at a time and none is lost") {
  const TemporaryFolder folder;
  std::vector<Heard> heard;
  Log log;
  log.add_listener(into(heard));
  log.add_file(folder / "log.txt");
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread)
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i) log.info("a message of some length");
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(heard == std::vector<Heard>(400, {LogLevel::Info, "a message of some length"}));
  const std::string text = read_file(folder / "log.txt");
  const std::size_t line = std::string("2026-11-22T01:30:00Z a message of some length\n").size();
  CHECK(text.size() == 400 * line);
  for (std::size_t at = 0; at < text.size(); at += line)
    REQUIRE(text.substr(at + 19, line - 19) == "Z a message of some length\n");
}
