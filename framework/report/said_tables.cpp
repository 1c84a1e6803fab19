// framework/report/said_tables.cpp - the tables that analyses wrote beside their numbers.
#include "report/said_tables.hpp"

#include "report/aligned_tables.hpp"

namespace lyap::framework {

std::vector<ReportTable> said_tables(const Found& found, const std::string& name) {
  std::vector<const Measurement*> of_name;
  for (const Measurement& said : found.said)
    if (said.name == name) of_name.push_back(&said);
  constexpr std::size_t most_checkpoints = 4;
  if (of_name.size() > most_checkpoints) of_name.erase(of_name.begin(), of_name.end() - 1);
  std::vector<ReportTable> tables;
  for (const Measurement* said : of_name)
    for (const auto& [key, text] : said->notes)
      if (key == "table")
        for (ReportTable& table : tables_in(text, said->name + ", " + said->checkpoint))
          tables.push_back(std::move(table));
  return tables;
}

}  // namespace lyap::framework
