// plugins/analyses/split/split.cpp - which networks a study learns from, and on which it is judged.
#include <cmath>
#include <lyap/lyap.hpp>
#include <string>
#include <vector>

#include "aligned_text.hpp"
#include "grid.hpp"
#include "network_groups.hpp"
#include "split/settings.hpp"

namespace lyap::split {

using analyses::Grid;
using analyses::NetworkGroup;

class SplitStudy final : public Analysis {
 public:
  static constexpr About about{
      "split", "1.0.0",
      "Divides networks into training, validation and test parts, each group by itself",
      "Lyapunov-guided representation of recurrent neural network performance: how its data sets "
      "are "
      "divided, architecture by architecture; here always by network"};
  static void options(Options& o) { Settings::declare(o); }
  static void ports(Ports& p);

  explicit SplitStudy(const Values& v) : settings_(v) {}
  void run(Context& context, const Host& host) override;

 private:
  std::vector<Index> order_of(const NetworkGroup& group, bool grouped, const Host& host) const;
  Settings settings_;
};

void SplitStudy::ports(Ports& p) {
  p.input("rows", "number[network]",
          "any column of the table: networks where it is missing are left out");
  p.optional("group", "group[network]",
             "the fractions hold within each group; networks without one are left out");
  p.result("part", "part[network]", "0 train, 1 validation, 2 test; missing: left out");
}

void SplitStudy::run(Context& context, const Host& host) {
  const Grid rows = analyses::required(context, "rows");
  const Index networks = rows.shape[0];
  auto [groups, ungrouped, grouped] = analyses::groups_of(context, networks);
  Grid part({networks});
  analyses::AlignedText table({"group", "networks", "train", "validation", "test", "left out"});
  Sizes all{};
  std::size_t left_out = 0;
  for (NetworkGroup& group : groups) {
    const std::size_t before = group.members.size();
    std::erase_if(group.members, [&](Index i) { return !std::isfinite(rows(i)); });
    const std::size_t count = group.members.size();
    const Sizes sizes = settings_.sizes(static_cast<Index>(count));
    const std::vector<Index> order = order_of(group, grouped, host);
    for (Index i = 0; i < static_cast<Index>(count); ++i)
      part(order[static_cast<std::size_t>(i)]) = sizes.part_of(i);
    table.add({group.name, std::to_string(count), std::to_string(sizes.train),
               std::to_string(sizes.validation), std::to_string(sizes.test),
               std::to_string(before - count)});
    all += sizes;
    left_out += before - count;
  }
  if (all.total() == 0)
    throw BadData(
        "every network is left out of the split, because port 'rows' is missing for all of them; "
        "connect a column that they have, such as their final loss");
  if (groups.size() > 1)
    table.add({"all", std::to_string(all.total()), std::to_string(all.train),
               std::to_string(all.validation), std::to_string(all.test), std::to_string(left_out)});
  part.give(context, "part");
  context.note("part", "flag_meanings", "train validation test");
  context.note("part", "table", table.text());
  context.note("", "order", settings_.random ? "random" : "listed");
  context.note("", "fractions", settings_.text());
  context.note("", "rounding",
               "validation and test rounded down in each group, the rest is for training");
  if (left_out + ungrouped.size() > 0) {
    const std::string sentence = analyses::counted(left_out + ungrouped.size(), "network") +
                                 " of " + std::to_string(networks) +
                                 " left out of the split: " + std::to_string(left_out) +
                                 " without a finite number in port 'rows', " +
                                 std::to_string(ungrouped.size()) + " without a group";
    context.note("", "left_out", sentence);
    host.warn(sentence);
  }
}

/// A group's order is the same whatever other groups there are.
std::vector<Index> SplitStudy::order_of(const NetworkGroup& group, bool grouped,
                                        const Host& host) const {
  if (!settings_.random || group.members.empty()) return group.members;
  std::vector<Index> order;
  const std::string stream = grouped ? "split/" + group.name : "split";
  for (const std::int64_t i :
       host.permutation(stream, static_cast<std::int64_t>(group.members.size())))
    order.push_back(group.members[static_cast<std::size_t>(i)]);
  return order;
}

}  // namespace lyap::split

LYAP_PLUGINS(lyap::split::SplitStudy)
