// plugins/analyses/network_groups.hpp - networks by a column of words of their table.
#pragma once
#include <cmath>
#include <lyap/lyap.hpp>
#include <map>
#include <string>
#include <vector>

#include "grid.hpp"
#include "number_text.hpp"

namespace lyap::analyses {

struct NetworkGroup {
  std::string name;
  std::vector<Index> members;  ///< ascending
};

struct NetworkGroups {
  std::vector<NetworkGroup> groups;  ///< by code; one, "all", when nothing is connected
  std::vector<Index> without;        ///< networks that are in none
  bool connected = false;
};

/// From the port `group`.
inline NetworkGroups groups_of(const Context& context, Index networks) {
  NetworkGroups found;
  const std::vector<double> codes = per_network(context, "group", networks);
  found.connected = !codes.empty();
  std::map<double, NetworkGroup> by_code;
  for (Index i = 0; i < networks; ++i) {
    const double code = found.connected ? codes[static_cast<std::size_t>(i)] : 0;
    if (std::isfinite(code))
      by_code[code].members.push_back(i);
    else
      found.without.push_back(i);
  }
  for (auto& [code, group] : by_code) {
    const char* word = context.label("group", static_cast<std::int64_t>(code));
    group.name = !found.connected ? "all" : word ? word : number(code);
    found.groups.push_back(std::move(group));
  }
  return found;
}

}  // namespace lyap::analyses
