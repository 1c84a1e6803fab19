// framework/plugin/check_child.hpp - runs something that may crash or hang, in a child process.
#pragma once
#include <functional>
#include <string>

namespace lyap::framework {

/// How a child process came back.
struct ChildAnswer {
  bool answered = false;
  std::string text;   ///< what the work returned, when it answered
  std::string death;  ///< otherwise: "ended by SIGSEGV", "took longer than 45 s"
};

/// Forks, lets the child do the work and hands back its text. The child's destructors and exit
/// handlers do not run. Error: the system will not fork.
ChildAnswer in_child(const std::function<std::string()>& work, double time_limit);

}  // namespace lyap::framework
