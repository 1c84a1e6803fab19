// apps/lyap/commands/check.cpp - `lyap check`: the conformance tests of plugin libraries.
#include <iostream>
#include <memory>

#include "base/error.hpp"
#include "base/text.hpp"
#include "command.hpp"
#include "model/initialiser.hpp"
#include "plugin/conformance.hpp"
#include "program.hpp"

namespace lyap::app {
namespace {

namespace po = boost::program_options;

/// What tasks under test are lent. Made in the process of the test: threads do not survive a fork.
struct TestHost {
  TestHost(const Common& common, std::uint64_t seed)
      : program(common), surroundings(program.surroundings(seed)), lent(surroundings, "check") {}
  Program program;
  framework::Surroundings surroundings;
  framework::LentHost lent;
};

std::string mistake_in_initialiser(const std::string& text) try {
  const framework::Initialiser read(text);
  return "";
} catch (const framework::InputError& e) {
  return e.what();
}

}  // namespace

int check_command(const Words& words, Common common) {
  framework::CheckOptions options;
  bool list = false;
  Arguments arguments(
      "check FILE.lyap.so... [options]",
      "Tries whether plugins keep the promises that lyap relies on: derivatives\n"
      "against differences, pull against push, a batch against single samples, no\n"
      "write outside a buffer, threads, and so on. Every test runs in a process of\n"
      "its own, so that a crash or an endless loop is only a failed test.\n"
      "Exit code 3 when a test failed or crashed; warnings and skips do not count.");
  arguments.add()                                                                    //
      ("file", po::value<Words>()->value_name("FILE"), "the libraries to check")     //
      ("only", po::value(&options.only)->value_name("TEST"), "run this test alone")  //
      ("with", po::value<Words>()->composing()->value_name("NAME=VALUE"),
       "option to create the plugins with (repeatable; defaults for the others)")  //
      ("seed", po::value(&options.seed)->value_name("N"),
       "of the numbers they are tried with (default 1)")  //
      ("time-limit", po::value(&options.time_limit)->value_name("S"),
       "seconds a test may take (default 45)")  //
      ("in-process", po::bool_switch(&options.in_process),
       "no child processes: for debuggers; a crash then ends the check")  //
      ("list", po::bool_switch(&list), "say what the tests are, and run none");
  arguments.positional("file", -1);
  arguments.example("lyap check build/my_cell.lyap.so");
  arguments.example("lyap check build/my_cell.lyap.so --only push-vs-differences --with units=3");
  arguments.example("gdb --args lyap check build/my_cell.lyap.so --in-process");
  if (!arguments.read(words, common)) return 0;
  if (list) {
    std::cout << framework::check_list();
    return 0;
  }
  const Words files = arguments.texts("file");
  if (files.empty()) arguments.refuse("no library is given");
  const auto with = arguments.pairs("with", "units=16");
  options.with = {with.begin(), with.end()};

  std::unique_ptr<TestHost> host;
  options.host = [&] {
    if (!host) host = std::make_unique<TestHost>(common, options.seed);
    return host->lent.lent();
  };

  options.mistake_in_initialiser = mistake_in_initialiser;

  bool conform = true;
  for (const std::string& file : files) {
    const std::vector<framework::CheckResult> results = framework::check_library(file, options);
    conform &= framework::conforms(results);
    if (!common.json && files.size() > 1) std::cout << file << '\n';
    std::cout << (common.json ? framework::check_json(results, options)
                              : framework::check_text(results, options))
              << std::flush;
  }
  return static_cast<int>(conform ? framework::Exit::Done : framework::Exit::BadInput);
}

}  // namespace lyap::app
